"use client";

import { Paper, Text } from "@mantine/core";
import { useId } from "react";
import { Bar, BarChart, CartesianGrid, ReferenceArea, Tooltip, XAxis, YAxis } from "recharts";
import { GAP_LOOK } from "./legend";
import { PatternDefs, patternFill } from "./patterns";
import type { PreparedSeries, SeriesPoint } from "./prepare-series";

interface OutcomeSeriesPlotProps {
  prepared: PreparedSeries;
  title: string;
  /** Pixels. */
  height: number;
}

const AXIS = { fontSize: 11, fill: "var(--mantine-color-dimmed)" } as const;

/** Draws a prepared series as stacked bars; the arrow keys move through the buckets. Loaded only where it is drawn. */
export function OutcomeSeriesPlot({ prepared, title, height }: OutcomeSeriesPlotProps) {
  const prefix = useId();
  const { points, looks, gaps, ticks } = prepared;
  const tickOf = new Map(points.map((point) => [point.at, point.tick]));
  return (
    <BarChart
      responsive
      style={{ width: "100%", height }}
      data={points}
      margin={{ top: 6, right: 20, bottom: 0, left: 0 }}
      barCategoryGap="12%"
      title={title}
      desc={prepared.summary}
    >
      <PatternDefs prefix={prefix} looks={[...looks, GAP_LOOK]} />
      <CartesianGrid vertical={false} stroke="var(--mantine-color-default-border)" />
      <XAxis
        dataKey="at"
        ticks={ticks}
        interval="equidistantPreserveStart"
        minTickGap={12}
        tickFormatter={(at: string) => tickOf.get(at) ?? ""}
        tick={AXIS}
        tickLine={false}
        stroke="var(--mantine-color-default-border)"
      />
      <YAxis
        width={48}
        allowDecimals={false}
        tickFormatter={(n: number) => n.toLocaleString("en-GB", { notation: "compact" })}
        tick={AXIS}
        tickLine={false}
        axisLine={false}
      />
      {gaps.map(({ from, to }) => (
        <ReferenceArea
          key={from}
          x1={from}
          x2={to}
          fill={patternFill(prefix, GAP_LOOK)}
          fillOpacity={0.5}
          stroke="none"
        />
      ))}
      <Tooltip content={<BucketTip looks={looks} />} isAnimationActive={false} />
      {looks.map((look) => (
        <Bar
          key={look.key}
          dataKey={look.key}
          name={look.label}
          stackId="outcomes"
          fill={patternFill(prefix, look)}
          stroke={look.colour}
          strokeWidth={1}
          isAnimationActive={false}
        />
      ))}
    </BarChart>
  );
}

interface BucketTipProps {
  looks: PreparedSeries["looks"];
  active?: boolean;
  payload?: readonly { payload?: SeriesPoint }[];
}

function BucketTip({ looks, active, payload }: BucketTipProps) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <Paper withBorder shadow="sm" p="xs">
      <Text size="xs" fw={600}>
        {point.label}
      </Text>
      {point.gap ? (
        <Text size="xs">no telemetry</Text>
      ) : (
        looks.toReversed().map((look) => (
          <Text size="xs" key={look.key}>
            {look.label}: {(point[look.key as keyof SeriesPoint] ?? 0).toLocaleString("en-GB")}
          </Text>
        ))
      )}
    </Paper>
  );
}
