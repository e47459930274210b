"use client";

import { Group, Stack, Text } from "@mantine/core";
import type { LatencyView } from "@/lib/telemetry/views";
import { ChartFrame } from "./chart-frame";
import { FiguresTable } from "./figures-table";
import type { Look } from "./looks";
import { PatternBar } from "./pattern-bar";
import { prepareLatency } from "./prepare-latency";

const LOOK: Look = { key: "n", label: "decisions", colour: "var(--outcome-exempted)", pattern: "horizontal" };

/** How long evaluation took: decisions by bucket of time, and where the percentiles fall. */
export function LatencyChart({
  latency,
  title = "Time to evaluate",
}: {
  latency: LatencyView;
  title?: string;
}) {
  const prepared = prepareLatency(latency);
  const most = Math.max(1, ...prepared.bars.map(({ share }) => share));
  return (
    <ChartFrame
      title={title}
      summary={prepared.summary}
      chart={
        <Stack component="ul" gap={2} p={0} m={0} style={{ listStyle: "none" }}>
          {prepared.bars.map(({ label, n, share, holds }) => (
            <li key={label} style={{ display: "grid", gridTemplateColumns: "5rem 1fr 7rem", gap: 8 }}>
              <Text size="xs">{label}</Text>
              <PatternBar parts={[{ look: LOOK, length: (share / most) * 100 }]} />
              <Group gap={4} wrap="nowrap">
                <Text size="xs">{n.toLocaleString("en-GB")}</Text>
                <Text size="xs" fw={600}>
                  {holds.join(" ")}
                </Text>
              </Group>
            </li>
          ))}
        </Stack>
      }
      table={
        <FiguresTable
          label={title}
          caption={prepared.summary}
          head="Time"
          columns={["Decisions", "Share"]}
          rows={prepared.bars.map(({ label, n, share }) => ({
            key: label,
            head: label,
            figures: [n.toLocaleString("en-GB"), `${share.toFixed(1)} %`],
          }))}
        />
      }
    />
  );
}
