"use client";

import { Group, Paper, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { api, fetched } from "@/components/api";
import { ChartFrame } from "@/components/charts/chart-frame";
import { FiguresTable } from "@/components/charts/figures-table";
import { Legend } from "@/components/charts/legend";
import { PatternDefs, patternFill } from "@/components/charts/patterns";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { SprawlView } from "@/lib/exceptions/views";
import { type PreparedSprawl, prepareSprawl, type SprawlBy } from "./prepare-sprawl";

const HEIGHT = 260;

/** How many exceptions were in force over time, by age or by tier. */
export function SprawlBoard({ initial, initialDays }: { initial: SprawlView; initialDays: string }) {
  const [params, change] = useUrlFilter();
  const days = params.get("days") ?? "90";
  const by: SprawlBy = params.get("by") === "tier" ? "tier" : "age";
  const query = useQuery({
    queryKey: ["exceptions", "sprawl", days],
    queryFn: () => fetched(api.exceptions.sprawl.$get({ query: { days } })),
    placeholderData: keepPreviousData,
    ...(days === initialDays ? { initialData: initial } : {}),
  });
  const view = useLastGood(query.data) ?? initial;
  const prepared = prepareSprawl(view, by);
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <Select
          label="Time"
          size="xs"
          w={130}
          allowDeselect={false}
          value={days}
          data={[
            { value: "30", label: "30 days" },
            { value: "90", label: "90 days" },
            { value: "365", label: "365 days" },
          ]}
          onChange={(value) => change({ days: value })}
        />
        <SegmentedControl
          size="xs"
          aria-label="Stacked by"
          data={[
            { value: "age", label: "By age" },
            { value: "tier", label: "By tier" },
          ]}
          value={by}
          onChange={(value) => change({ by: value === "age" ? null : value })}
        />
      </Group>
      {query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
      <Paper withBorder p="md">
        <ChartFrame
          title="Exceptions in force"
          summary={prepared.summary}
          chart={<Bars prepared={prepared} />}
          table={<SprawlTable prepared={prepared} by={by} />}
        />
      </Paper>
    </Stack>
  );
}

function Bars({ prepared: { bars, looks, max } }: { prepared: PreparedSprawl }) {
  const prefix = useId();
  const width = 100 / Math.max(1, bars.length);
  return (
    <Stack gap={4}>
      <Group gap={6} wrap="nowrap" align="stretch">
        <Text size="xs" c="dimmed" component="div" style={{ display: "grid", alignContent: "space-between" }}>
          <span>{max}</span>
          <span>0</span>
        </Text>
        <svg
          width="100%"
          height={HEIGHT}
          role="img"
          aria-label="Exceptions in force a day; the table has the figures"
        >
          <PatternDefs prefix={prefix} looks={looks} />
          {bars.map(({ day, label, total, parts }, index) => (
            <g key={day}>
              <title>{`${label}: ${total} in force`}</title>
              {parts.map(({ look, from, to }) => (
                <rect
                  key={look.key}
                  x={`${index * width + width * 0.08}%`}
                  width={`${width * 0.84}%`}
                  y={(1 - to) * (HEIGHT - 2) + 1}
                  height={(to - from) * (HEIGHT - 2)}
                  fill={patternFill(prefix, look)}
                  stroke={look.colour}
                  strokeWidth={0.75}
                />
              ))}
            </g>
          ))}
          <line
            x1="0"
            x2="100%"
            y1={HEIGHT - 0.5}
            y2={HEIGHT - 0.5}
            stroke="var(--mantine-color-default-border)"
          />
        </svg>
      </Group>
      <Text size="xs" c="dimmed" component="div" style={{ display: "flex", justifyContent: "space-between" }}>
        <span>{bars[0]?.label}</span>
        <span>{bars.at(-1)?.label}</span>
      </Text>
      <Legend looks={looks} />
    </Stack>
  );
}

function SprawlTable({ prepared: { bars, looks, summary }, by }: { prepared: PreparedSprawl; by: SprawlBy }) {
  const keyOf = (label: string) => (by === "tier" ? label.replace("tier ", "") : label);
  return (
    <FiguresTable
      label="Exceptions in force"
      caption={summary}
      head="Day"
      columns={[...looks.map(({ label }) => label), "all"]}
      rows={bars.toReversed().map(({ day, label, total, counts }) => ({
        key: day,
        head: label,
        figures: [...looks.map((look) => counts[keyOf(look.label)] ?? 0), total],
      }))}
      maxHeight={HEIGHT + 40}
    />
  );
}
