"use client";

import { Grid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { OutcomeSeriesChart } from "@/components/charts/outcome-series-chart";
import { BreakdownPanel } from "@/components/telemetry/breakdown-panel";
import { askOverview } from "@/components/telemetry/calls";
import { ChartPanel, Panel, SYNTHETIC_NOTE } from "@/components/telemetry/panel";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useLastGood } from "@/components/ui/use-url-filter";
import type { OverviewView } from "@/lib/telemetry/views";
import { ExceptionAges } from "./exception-ages";
import { Ladder } from "./ladder";
import { ProcessFigures } from "./process-figures";
import { Queue } from "./queue";
import { safetySentence } from "./safety";
import { TelemetryHealth } from "./telemetry-health";

interface OverviewBoardProps {
  initial: OverviewView;
  /** When `initial` was read. */
  readAt: string;
  /** True in the sample organisation, whose traffic is made up. */
  synthetic: boolean;
  /** May the person register use cases? */
  mayRegister: boolean;
}

const REFRESH_MS = 60_000;

/** What needs me, and are we safer than last month? */
export function OverviewBoard({ initial, readAt, synthetic, mayRegister }: OverviewBoardProps) {
  const asked = useQuery({
    queryKey: ["overview"],
    queryFn: () => askOverview(new Date()),
    initialData: initial,
    initialDataUpdatedAt: Date.parse(readAt),
    refetchInterval: REFRESH_MS,
  });
  const overview = useLastGood(asked.data) ?? initial;
  const now = new Date(asked.dataUpdatedAt);
  const note = synthetic ? SYNTHETIC_NOTE : null;
  return (
    <Stack gap="sm">
      {asked.error && <ProblemAlert error={asked.error} onRetry={() => asked.refetch()} />}
      <Text size="sm">{safetySentence(overview)}</Text>
      <Grid gap="sm">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Queue queue={overview.queue} of={overview.queueOf} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Ladder ladder={overview.ladder} withoutPolicy={overview.withoutPolicy} mayRegister={mayRegister} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          {overview.series.total === 0 ? (
            <Panel title="Decisions by outcome, 30 days">
              <Text size="sm" c="dimmed">
                None yet. Register a use case, give it a workload, and let the workload ask the decision point
                before each request: its page shows the call to make.
              </Text>
            </Panel>
          ) : (
            <ChartPanel note={note}>
              <OutcomeSeriesChart title="Decisions by outcome, 30 days" series={overview.series} />
            </ChartPanel>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <BreakdownPanel
            title="Would have been blocked by, 30 days"
            breakdown={overview.topWouldBlocks}
            filters={{ wouldBe: "block" }}
            window={{ period: "30d" }}
            note={note}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <ProcessFigures process={overview.process} to={overview.to} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <ExceptionAges ages={overview.exceptionsByAge} inForce={overview.exceptionsInForce} />
        </Grid.Col>
        <Grid.Col span={12}>
          <TelemetryHealth health={overview.health} now={now} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
