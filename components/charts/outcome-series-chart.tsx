"use client";

import { Stack, Table, VisuallyHidden } from "@mantine/core";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { TableRegion } from "@/components/ui/table-region";
import { useInBrowser } from "@/components/ui/time";
import type { SeriesView } from "@/lib/telemetry/views";
import { ChartFrame } from "./chart-frame";
import { Legend } from "./legend";
import { type PreparedSeries, prepareSeries } from "./prepare-series";

interface OutcomeSeriesChartProps {
  series: SeriesView;
  title?: string;
  /** Pixels. */
  height?: number;
}

/** The library that draws comes only where there is a chart. */
const OutcomeSeriesPlot = dynamic(
  () => import("./outcome-series-plot").then((module) => module.OutcomeSeriesPlot),
  { ssr: false },
);

/** Decisions over time by outcome, stacked, the strictest on top; time without telemetry is hatched, not zero. */
export function OutcomeSeriesChart({
  series,
  title = "Decisions over time",
  height = 220,
}: OutcomeSeriesChartProps) {
  const inBrowser = useInBrowser();
  const prepared = useMemo(
    () => prepareSeries(series, inBrowser ? Intl.DateTimeFormat().resolvedOptions().timeZone : "UTC"),
    [series, inBrowser],
  );
  return (
    <ChartFrame
      title={title}
      summary={prepared.summary}
      chart={
        <Stack gap={4}>
          <div style={{ height }}>
            <OutcomeSeriesPlot prepared={prepared} title={title} height={height} />
          </div>
          <Legend looks={prepared.looks} gap={prepared.gaps.length > 0} />
        </Stack>
      }
      table={<SeriesTable title={title} prepared={prepared} height={height} />}
    />
  );
}

function SeriesTable({
  title,
  prepared,
  height,
}: {
  title: string;
  prepared: PreparedSeries;
  height: number;
}) {
  const looks = prepared.looks.toReversed();
  return (
    <TableRegion label={`${title}, as a table`}>
      <Table.ScrollContainer minWidth={480} maxHeight={height + 24}>
        <Table fz="xs" verticalSpacing={3} stickyHeader>
          <VisuallyHidden component="caption">{prepared.summary}</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Time</Table.Th>
              {looks.map(({ key, label }) => (
                <Table.Th key={key} scope="col" ta="right">
                  {label}
                </Table.Th>
              ))}
              <Table.Th scope="col" ta="right">
                all
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {prepared.points.map((point) => (
              <Table.Tr key={point.at}>
                <Table.Th scope="row" fw={400}>
                  {point.label}
                </Table.Th>
                {looks.map(({ key }) => (
                  <Table.Td key={key} ta="right">
                    {point.gap ? "–" : (point[key as keyof typeof point] ?? 0).toLocaleString("en-GB")}
                  </Table.Td>
                ))}
                <Table.Td ta="right">
                  {point.gap ? "no telemetry" : (point.total ?? 0).toLocaleString("en-GB")}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </TableRegion>
  );
}
