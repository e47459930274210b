"use client";

import { Paper, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import { GAP_LOOK } from "./legend";
import { PatternDefs, patternFill } from "./patterns";
import { axisSteps, namesWithRoom } from "./plot-scale";
import type { PreparedSeries, SeriesPoint } from "./prepare-series";

interface OutcomeSeriesPlotProps {
  prepared: PreparedSeries;
  title: string;
  /** Pixels. */
  height: number;
}

/** Pixels around the bars. */
const LEFT = 48;
const RIGHT = 20;
const TOP = 6;
const BOTTOM = 20;
/** Pixels for the name of a bucket. */
const NAME = 52;
const TEXT = { fontSize: 11, fill: "var(--mantine-color-dimmed)" } as const;
const LINE = "var(--mantine-color-default-border)";
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

const amount = (point: SeriesPoint, key: string) => Number(point[key as keyof SeriesPoint] ?? 0);

/** Draws a prepared series as stacked bars; the arrow keys move through the buckets. */
export function OutcomeSeriesPlot({ prepared, title, height }: OutcomeSeriesPlotProps) {
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number | null>(null);
  const { points, looks } = prepared;
  const band = Math.max(0, width - LEFT - RIGHT) / Math.max(1, points.length);
  const within = (index: number) => Math.min(points.length - 1, Math.max(0, index));
  const point = at === null ? undefined : points[at];
  const onPointer = ({ clientX, currentTarget }: PointerEvent) =>
    setAt(within(Math.floor((clientX - currentTarget.getBoundingClientRect().left - LEFT) / band)));
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (event.key === "Escape") setAt(null);
    if (step === undefined) return;
    event.preventDefault();
    setAt(within((at ?? (step > 0 ? -1 : points.length)) + step));
  };
  return (
    <div
      ref={ref}
      role="slider"
      tabIndex={0}
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, points.length - 1)}
      aria-valuenow={at ?? 0}
      aria-valuetext={point ? [point.label, ...linesOf(point, looks)].join(", ") : prepared.summary}
      style={{ position: "relative", height, outlineOffset: 2 }}
      onPointerMove={onPointer}
      onPointerLeave={() => setAt(null)}
      onBlur={() => setAt(null)}
      onKeyDown={onKey}
    >
      {width > 0 && <Bars prepared={prepared} width={width} height={height} band={band} at={at} />}
      {point && at !== null && (
        <BucketTip point={point} looks={looks} x={LEFT + (at + 0.5) * band} width={width} />
      )}
    </div>
  );
}

interface BarsProps {
  prepared: PreparedSeries;
  width: number;
  height: number;
  /** Pixels of a bucket. */
  band: number;
  at: number | null;
}

function Bars({ prepared: { points, looks, gaps, ticks, max }, width, height, band, at }: BarsProps) {
  const prefix = useId();
  const steps = axisSteps(max);
  const inner = height - TOP - BOTTOM;
  const scale = inner / (steps.at(-1) ?? 1);
  const y = (n: number) => TOP + inner - n * scale;
  const place = new Map(points.map((point, index) => [point.at, index]));
  const x = (bucket: string) => LEFT + (place.get(bucket) ?? 0) * band;
  const nameOf = new Map(points.map((point) => [point.at, point.tick]));
  return (
    <svg width={width} height={height} aria-hidden="true">
      <PatternDefs prefix={prefix} looks={[...looks, GAP_LOOK]} />
      {steps.map((n) => (
        <g key={n}>
          <line x1={LEFT} x2={width - RIGHT} y1={y(n)} y2={y(n)} stroke={LINE} />
          <text {...TEXT} x={LEFT - 6} y={y(n)} textAnchor="end" dominantBaseline="middle">
            {n.toLocaleString("en-GB", { notation: "compact" })}
          </text>
        </g>
      ))}
      {gaps.map(({ from, to }) => (
        <rect
          key={from}
          x={x(from)}
          width={x(to) - x(from) + band}
          y={TOP}
          height={inner}
          fill={patternFill(prefix, GAP_LOOK)}
          fillOpacity={0.5}
        />
      ))}
      {at !== null && (
        <rect x={LEFT + at * band} width={band} y={TOP} height={inner} fill={LINE} fillOpacity={0.6} />
      )}
      {points.map((point, index) => {
        let below = 0;
        return looks.map((look) => {
          const n = amount(point, look.key);
          if (n === 0) return null;
          below += n;
          return (
            <rect
              key={`${point.at} ${look.key}`}
              x={LEFT + (index + 0.06) * band}
              width={band * 0.88}
              y={y(below)}
              height={n * scale}
              fill={patternFill(prefix, look)}
              stroke={look.colour}
            />
          );
        });
      })}
      {namesWithRoom(ticks, width - LEFT - RIGHT, NAME).map((bucket) => (
        <text key={bucket} {...TEXT} x={x(bucket) + band / 2} y={height - 5} textAnchor="middle">
          {nameOf.get(bucket)}
        </text>
      ))}
    </svg>
  );
}

function linesOf(point: SeriesPoint, looks: PreparedSeries["looks"]): string[] {
  if (point.gap) return ["no telemetry"];
  return looks
    .toReversed()
    .map(({ key, label }) => `${label}: ${amount(point, key).toLocaleString("en-GB")}`);
}

interface BucketTipProps {
  point: SeriesPoint;
  looks: PreparedSeries["looks"];
  /** Middle of the bucket, and width of the plot, in pixels. */
  x: number;
  width: number;
}

function BucketTip({ point, looks, x, width }: BucketTipProps) {
  const side = x < width / 2 ? { left: x + 12 } : { right: width - x + 12 };
  return (
    <Paper
      withBorder
      shadow="sm"
      p="xs"
      pos="absolute"
      top={TOP}
      style={{ ...side, pointerEvents: "none", zIndex: 1 }}
    >
      <Text size="xs" fw={600}>
        {point.label}
      </Text>
      {linesOf(point, looks).map((line) => (
        <Text size="xs" key={line}>
          {line}
        </Text>
      ))}
    </Paper>
  );
}
