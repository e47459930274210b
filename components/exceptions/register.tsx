"use client";

import { Anchor, Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { SetFilters, sinceText } from "@/components/ui/set-filters";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import type { ExceptionSummary } from "@/lib/exceptions/views";
import type { Page } from "@/lib/schema";
import { type FilterChoices, RegisterFilters } from "./register-filters";
import { daysText, scopeText } from "./words";

interface ExceptionRegisterProps {
  initial: Page<ExceptionSummary>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  choices: FilterChoices;
  mayRequest: boolean;
}

/** Filters that figures lead here with. */
const BY_LINK = {
  decidedSince: (at: string) => `Decided since ${sinceText(at)}`,
  waitingDays: (days: string) => `Submitted over ${days} days ago`,
  minAgeDays: (days: string) => `For ${days} days or more`,
  underAgeDays: (days: string) => `For less than ${days} days`,
};

/** What we have let pass, for whom, until when. */
export function ExceptionRegister({ initial, initialQuery, choices, mayRequest }: ExceptionRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["exceptions", query],
    queryFn: () => fetched(api.exceptions.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <RegisterFilters params={params} change={change} choices={choices} />
      <SetFilters params={params} change={change} words={BY_LINK} />
      <PagedList
        noun="exceptions"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={
          query ? (
            <EmptyState
              title="No exception fits this filter"
              action={
                <Button component={Link} href="/exceptions" variant="default" size="xs">
                  Show all exceptions
                </Button>
              }
            />
          ) : (
            <EmptyState
              title="Nothing is let pass"
              action={
                mayRequest && (
                  <Button component={Link} href="/exceptions/new" size="xs">
                    Request an exception
                  </Button>
                )
              }
            >
              An exception spares named controls for a limited time, with an owner of its risk. None has been
              requested so far.
            </EmptyState>
          )
        }
      >
        <ExceptionTable exceptions={page?.items ?? []} />
      </PagedList>
    </>
  );
}

function ExceptionTable({ exceptions }: { exceptions: ExceptionSummary[] }) {
  return (
    <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1080}>
      <VisuallyHidden component="caption">Exceptions with their scope, state and owners</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {["Exception", "State", "Expires", "Left", "Use case", "Controls", "Only for"].map((name) => (
            <Table.Th key={name} scope="col" style={{ whiteSpace: "nowrap" }}>
              {name}
            </Table.Th>
          ))}
          <Table.Th scope="col" ta="right">
            Spared
          </Table.Th>
          <Table.Th scope="col" style={{ whiteSpace: "nowrap" }}>
            Risk owner
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {exceptions.map((exception) => (
          <ExceptionRow key={exception.id} exception={exception} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ExceptionRow({ exception }: { exception: ExceptionSummary }) {
  const { ref, state, useCase, controls, scope, broad, expiresAt, daysLeft, used, riskOwner } = exception;
  const titles = controls.map(({ title }) => title).join(", ");
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        <Anchor component={Link} href={`/exceptions/${ref}`} size="sm" style={{ whiteSpace: "nowrap" }}>
          {ref}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <WordBadge word={state} />
      </Table.Td>
      <Table.Td>
        <Time at={expiresAt} dateOnly />
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{daysText(daysLeft)}</Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={190} title={useCase.name}>
          {useCase.name}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={240} title={titles}>
          {titles}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={220} title={scopeText(scope) ?? undefined}>
          {broad ? "the whole use case (broad)" : scopeText(scope)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{used.toLocaleString("en-GB")}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Text size="sm" truncate maw={150}>
            {riskOwner.name}
          </Text>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
