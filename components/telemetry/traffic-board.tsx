"use client";

import { SimpleGrid, Stack } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { BreakdownPanel } from "./breakdown-panel";
import { askTraffic, BREAKDOWNS, type BreakdownBy, type Traffic } from "./calls";
import { windowParams } from "./filter";
import { LatencyPanel } from "./latency-panel";
import { SeriesPanel } from "./series-panel";
import { TrafficFilters } from "./traffic-filters";

const TITLES: Record<BreakdownBy, { title: string; noun: string }> = {
  control: { title: "Findings by control", noun: "Control" },
  workload: { title: "By workload", noun: "Workload" },
  model: { title: "By model", noun: "Model" },
  tool: { title: "By tool", noun: "Tool" },
  data_class: { title: "By data class", noun: "Data class" },
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
        {traffic && (
          <>
            <SeriesPanel
              title={
                traffic.series.by === "outcome" ? "Decisions by outcome" : "Decisions by would-be outcome"
              }
              series={traffic.series}
              synthetic={synthetic}
            />
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
              {BREAKDOWNS.map((dimension) => (
                <BreakdownPanel
                  key={dimension}
                  {...TITLES[dimension]}
                  counted={dimension === "control" ? "Findings" : "Decisions"}
                  breakdown={traffic.breakdowns[dimension]}
                  filters={useCase ? { useCase } : {}}
                  window={windowParams(params)}
                />
              ))}
              <LatencyPanel latency={traffic.latency} />
            </SimpleGrid>
          </>
        )}
      </Stack>
    </>
  );
}
