"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { type AskedDecisions, askDecisions, exportHref } from "./calls";
import { DecisionFilters, type FilterChoices } from "./decision-filters";
import { DecisionTable } from "./decision-table";
import { useRowKeys } from "./use-row-keys";
import { countText, numberText } from "./words";

interface ExplorerProps {
  /** The first answer; null when the address asks for what cannot be answered. */
  initial: AskedDecisions | null;
  /** The query text that `initial` answers. */
  initialQuery: string;
  choices: FilterChoices;
}

/** Every decision that was made, by any filter, newest first. */
export function Explorer({ initial, initialQuery, choices }: ExplorerProps) {
  const [params, change] = useUrlFilter();
  useRowKeys();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["decisions", query],
    queryFn: () => askDecisions(params, new Date()),
    placeholderData: keepPreviousData,
    ...(initial && query === initialQuery ? { initialData: initial } : {}),
  });
  const asked = useLastGood(list.data);
  const cursor = params.get("cursor");
  return (
    <>
      <DecisionFilters params={params} change={change} choices={choices} />
      <Stack gap={6}>
        {list.error && <ProblemAlert error={list.error} onRetry={() => list.refetch()} />}
        <Group justify="space-between" mih={26} gap="xs">
          <Text size="sm" c="dimmed" role="status">
            {asked && countSentence(asked)}
            {list.isPlaceholderData && " Reading…"}
          </Text>
          {asked && asked.list.of.n > 0 && (
            <Group gap="xs" className="no-print">
              <Text size="xs" c="dimmed" visibleFrom="md">
                j and k move between rows, Enter opens one
              </Text>
              <Button component="a" href={exportHref(asked)} download size="compact-sm" variant="default">
                Export {asked.list.of.exact ? "all " : ""}
                {countText(asked.list.of)} as CSV
              </Button>
            </Group>
          )}
        </Group>
        {asked && <Rows asked={asked} />}
        {(cursor || asked?.list.nextCursor) && (
          <Group gap="xs" className="no-print">
            <Button
              size="compact-sm"
              variant="default"
              disabled={!cursor}
              onClick={() => change({ cursor: null })}
            >
              Newest
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              disabled={!asked?.list.nextCursor}
              onClick={() => change({ cursor: asked?.list.nextCursor ?? null })}
            >
              Older
            </Button>
          </Group>
        )}
      </Stack>
    </>
  );
}

function Rows({ asked }: { asked: AskedDecisions }) {
  if (asked.list.items.length > 0) {
    return (
      <TableRegion label="Table of decisions">
        <DecisionTable decisions={asked.list.items} />
      </TableRegion>
    );
  }
  return (
    <EmptyState
      title="No decision fits this filter"
      action={
        <LinkButton href="/telemetry/decisions?period=90d" variant="default">
          Show all decisions of 90 days
        </LinkButton>
      }
    >
      Widen the period or take a filter away. If nothing was ever recorded, send a first decision: each
      workload shows how under its use case.
    </EmptyState>
  );
}

function countSentence({ list }: AskedDecisions): string {
  const noun = list.of.n === 1 && list.of.exact ? "decision" : "decisions";
  const all = `${countText(list.of)} ${noun}`;
  return list.items.length < list.of.n ? `${numberText(list.items.length)} of ${all}.` : `${all}.`;
}
