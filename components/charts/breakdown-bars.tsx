"use client";

import { Stack, Text, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import type { BreakdownView } from "@/lib/telemetry/views";
import { ChartFrame } from "./chart-frame";
import { FiguresTable } from "./figures-table";
import { Legend } from "./legend";
import { PatternBar } from "./pattern-bar";
import { type PreparedBreakdown, prepareBreakdown } from "./prepare-breakdown";

interface BreakdownBarsProps {
  breakdown: BreakdownView;
  title: string;
  /** What a row is called, when not by its key; may be a link. */
  nameOf?: (key: string) => ReactNode;
}

/** The largest values of a dimension as bars of their parts, with how many there are in all. */
export function BreakdownBars({ breakdown, title, nameOf = (key) => key }: BreakdownBarsProps) {
  const prepared = prepareBreakdown(breakdown);
  return (
    <ChartFrame
      title={title}
      summary={prepared.rows.length === 0 ? "None in this time." : prepared.shown}
      chart={
        <Stack gap={6}>
          <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }}>
            {prepared.rows.map((row) => (
              <li key={row.key}>
                <Text size="xs" component="div">
                  {nameOf(row.key)} · {row.total.toLocaleString("en-GB")}
                  <VisuallyHidden>: {row.text}</VisuallyHidden>
                </Text>
                <PatternBar parts={row.parts} />
              </li>
            ))}
          </Stack>
          <Legend looks={prepared.looks} />
        </Stack>
      }
      table={<BreakdownTable title={title} prepared={prepared} nameOf={nameOf} />}
    />
  );
}

interface BreakdownTableProps {
  title: string;
  prepared: PreparedBreakdown;
  nameOf: (key: string) => ReactNode;
}

function BreakdownTable({ title, prepared, nameOf }: BreakdownTableProps) {
  const looks = prepared.looks.toReversed();
  return (
    <FiguresTable
      label={title}
      caption={title}
      head="Value"
      columns={[...looks.map(({ label }) => label), "all"]}
      rows={prepared.rows.map(({ key, parts, total }) => ({
        key,
        head: nameOf(key),
        figures: [
          ...looks.map((look) => parts.find((part) => part.look.key === look.key)?.n ?? 0),
          total,
        ].map((n) => n.toLocaleString("en-GB")),
      }))}
    />
  );
}
