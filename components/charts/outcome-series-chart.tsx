"use client";

import { Stack } from "@mantine/core";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { useInBrowser } from "@/components/ui/time";
import type { SeriesView } from "@/lib/telemetry/views";
import { ChartFrame } from "./chart-frame";
import { FiguresTable } from "./figures-table";
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

interface SeriesTableProps {
  title: string;
  prepared: PreparedSeries;
  height: number;
}

function SeriesTable({ title, prepared, height }: SeriesTableProps) {
  const looks = prepared.looks.toReversed();
  return (
    <FiguresTable
      label={title}
      caption={prepared.summary}
      head="Time"
      columns={[...looks.map(({ label }) => label), "all"]}
      rows={prepared.points.map((point) => ({
        key: point.at,
        head: point.label,
        figures: point.gap
          ? [...looks.map(() => "–"), "no telemetry"]
          : [...looks.map(({ key }) => point[key as keyof typeof point] ?? 0), point.total ?? 0].map((n) =>
              n.toLocaleString("en-GB"),
            ),
      }))}
      maxHeight={height + 24}
    />
  );
}
