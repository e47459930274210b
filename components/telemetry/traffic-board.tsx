"use client";

import { SimpleGrid, Stack } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { LatencyChart } from "@/components/charts/latency-chart";
import { OutcomeSeriesChart } from "@/components/charts/outcome-series-chart";
import { EmptyState } from "@/components/ui/empty-state";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { SeriesView } from "@/lib/telemetry/views";
import { BreakdownPanel } from "./breakdown-panel";
import { askTraffic, BREAKDOWNS, type BreakdownBy, type Traffic } from "./calls";
import { windowParams } from "./filter";
import { ChartPanel, SYNTHETIC_NOTE } from "./panel";
import { TokensPanel } from "./tokens-panel";
import { TrafficFilters } from "./traffic-filters";
import { numberText } from "./words";

const TITLES: Record<BreakdownBy, string> = {
  control: "Findings by control",
  workload: "Decisions by workload",
  model: "Decisions by model",
  tool: "Decisions by tool",
  data_class: "Decisions by data class",
};

interface TrafficBoardProps {
  /** The first answer; null when the address asks for what cannot be answered. */
  initial: Traffic | null;
  initialQuery: string;
  useCases: { slug: string; name: string }[];
  /** True in the sample organisation, whose traffic is made up. */
  synthetic: boolean;
}

/** What is happening: decisions over time, what they were about, and how long they took. */
export function TrafficBoard({ initial, initialQuery, useCases, synthetic }: TrafficBoardProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const asked = useQuery({
    queryKey: ["traffic", query],
    queryFn: () => askTraffic(params, new Date()),
    placeholderData: keepPreviousData,
    ...(initial && query === initialQuery ? { initialData: initial } : {}),
  });
  const traffic = useLastGood(asked.data);
  const useCase = params.get("useCase");
  return (
    <>
      <TrafficFilters params={params} change={change} useCases={useCases} busy={asked.isPlaceholderData} />
      <Stack gap="sm">
        {asked.error && <ProblemAlert error={asked.error} onRetry={() => asked.refetch()} />}
        {traffic?.series.total === 0 && <NoTraffic series={traffic.series} />}
        {traffic && traffic.series.total > 0 && (
          <>
            <ChartPanel note={synthetic ? SYNTHETIC_NOTE : null}>
              <OutcomeSeriesChart
                title={
                  traffic.series.by === "outcome"
                    ? "Decisions by outcome"
                    : "Decisions, were every policy enforcing"
                }
                series={traffic.series}
              />
            </ChartPanel>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
              {BREAKDOWNS.map((dimension) => (
                <BreakdownPanel
                  key={dimension}
                  title={TITLES[dimension]}
                  breakdown={traffic.breakdowns[dimension]}
                  filters={useCase ? { useCase } : {}}
                  window={windowParams(params)}
                  full={params.get("full") === dimension}
                  onFull={(full) => change({ full: full ? dimension : null })}
                />
              ))}
              <ChartPanel>
                <LatencyChart latency={traffic.latency} title="Time to evaluate, without the commit" />
              </ChartPanel>
              {traffic.tokens.of > 0 && <TokensPanel tokens={traffic.tokens} />}
            </SimpleGrid>
          </>
        )}
      </Stack>
    </>
  );
}

function NoTraffic({ series }: { series: SeriesView }) {
  const { gapHours, hours } = series;
  return (
    <EmptyState title="No decision in this period">
      {gapHours === hours
        ? "No decision point was up in it, so nothing is known of it."
        : `Telemetry stands for ${numberText(hours - gapHours)} of ${numberText(hours)} hours, and nothing was asked in them.`}{" "}
      Widen the period or take the use case away. For a first decision, see the workloads of a use case: each
      shows the call to make.
    </EmptyState>
  );
}
