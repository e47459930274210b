"use client";

import { Anchor, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { OutcomeSeriesChart } from "@/components/charts/outcome-series-chart";
import { BreakdownPanel } from "@/components/telemetry/breakdown-panel";
import { DecisionTable } from "@/components/telemetry/decision-table";
import { decisionsHref } from "@/components/telemetry/filter";
import { ChartPanel, SYNTHETIC_NOTE } from "@/components/telemetry/panel";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table-region";
import type { BreakdownView, DecisionListView, SeriesView } from "@/lib/telemetry/views";
import { count } from "./words";

interface DecisionsTabProps {
  slug: string;
  /** Of the last 30 days, by day. */
  series: SeriesView;
  /** Of the last 30 days. */
  breakdowns: { title: string; breakdown: BreakdownView }[];
  list: DecisionListView;
  /** True in the sample organisation, whose traffic is made up. */
  synthetic: boolean;
}

const MONTH = { period: "30d" } as const;

/** What was decided for the use case: over 30 days, by what it was about, and the newest ones. */
export function DecisionsTab({ slug, series, breakdowns, list, synthetic }: DecisionsTabProps) {
  if (series.total === 0) {
    return (
      <EmptyState title="No decision in the last 30 days">
        As soon as a workload asks the decision point, its decisions stand here.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <ChartPanel note={synthetic ? SYNTHETIC_NOTE : null}>
        <OutcomeSeriesChart title="Decisions by outcome, 30 days" series={series} height={180} />
      </ChartPanel>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        {breakdowns.map(({ title, breakdown }) => (
          <BreakdownPanel
            key={title}
            title={title}
            breakdown={breakdown}
            filters={{ useCase: slug }}
            window={MONTH}
          />
        ))}
      </SimpleGrid>
      <Newest slug={slug} list={list} />
    </Stack>
  );
}

function Newest({ slug, list }: Pick<DecisionsTabProps, "slug" | "list">) {
  if (list.items.length === 0) return <Text size="sm">No decision in the last 7 days.</Text>;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm">
          The newest {list.items.length} of {list.of.exact ? "" : "at least "}
          {count(list.of.n)} decisions of the last 7 days.
        </Text>
        <Anchor component={Link} href={decisionsHref({ useCase: slug }, { period: "7d" })} size="sm">
          Open them in the explorer
        </Anchor>
      </Group>
      <TableRegion label="Newest decisions">
        <DecisionTable decisions={list.items} />
      </TableRegion>
    </Stack>
  );
}
