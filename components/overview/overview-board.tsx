"use client";

import { Grid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { askOverview } from "@/components/telemetry/calls";
import { SeriesPanel } from "@/components/telemetry/series-panel";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useLastGood } from "@/components/ui/use-url-filter";
import type { OverviewView } from "@/lib/telemetry/views";
import { ExceptionAges } from "./exception-ages";
import { Ladder } from "./ladder";
import { Queue } from "./queue";
import { safetySentence } from "./safety";
import { TelemetryHealth } from "./telemetry-health";
import { TopWouldBlocks } from "./top-would-blocks";

interface OverviewBoardProps {
  initial: OverviewView;
  /** When `initial` was read. */
  readAt: string;
  /** True in the sample organisation, whose traffic is made up. */
  synthetic: boolean;
}

const REFRESH_MS = 60_000;

/** What needs me, and are we safer than last month? */
export function OverviewBoard({ initial, readAt, synthetic }: OverviewBoardProps) {
  const asked = useQuery({
    queryKey: ["overview"],
    queryFn: () => askOverview(new Date()),
    initialData: initial,
    initialDataUpdatedAt: Date.parse(readAt),
    refetchInterval: REFRESH_MS,
  });
  const overview = useLastGood(asked.data) ?? initial;
  const now = new Date(asked.dataUpdatedAt);
  return (
    <Stack gap="sm">
      {asked.error && <ProblemAlert error={asked.error} onRetry={() => asked.refetch()} />}
      <Text size="sm">{safetySentence(overview)}</Text>
      <Grid gap="sm">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Queue queue={overview.queue} of={overview.queueOf} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Ladder ladder={overview.ladder} withoutPolicy={overview.withoutPolicy} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <SeriesPanel title="Decisions by outcome, 30 days" series={overview.series} synthetic={synthetic} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <TopWouldBlocks breakdown={overview.topWouldBlocks} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6, lg: 5 }}>
          <ExceptionAges ages={overview.exceptionsByAge} inForce={overview.exceptionsInForce} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6, lg: 7 }}>
          <TelemetryHealth health={overview.health} now={now} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
