"use client";

import { Group, SegmentedControl, Text } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { SeriesView } from "@/lib/telemetry/views";
import { Panel } from "./panel";
import { SeriesTable } from "./series-table";
import { numberText } from "./words";

const CHART_HEIGHT = 220;

/** Drawing is loaded only where something is drawn. */
const SeriesChart = dynamic(() => import("./series-chart").then((module) => module.SeriesChart), {
  ssr: false,
  loading: () => <div style={{ height: CHART_HEIGHT }} />,
});

interface SeriesPanelProps {
  title: string;
  series: SeriesView;
  synthetic: boolean;
}

/** Decisions over time as a chart or as a table, with what is not known said. */
export function SeriesPanel({ title, series, synthetic }: SeriesPanelProps) {
  const [shown, setShown] = useState("chart");
  return (
    <Panel
      title={title}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={`Show ${title.toLowerCase()} as`}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={shown}
          onChange={setShown}
        />
      }
    >
      {shown === "chart" ? (
        <SeriesChart series={series} height={CHART_HEIGHT} />
      ) : (
        <SeriesTable title={title} series={series} />
      )}
      <Group gap="md" mt={4}>
        <Text size="sm">{numberText(series.total)} decisions</Text>
        <Text size="sm" c="dimmed">
          {gapSentence(series)}
        </Text>
        {synthetic && (
          <Text size="sm" c="dimmed">
            Synthetic traffic of the sample organisation
          </Text>
        )}
      </Group>
    </Panel>
  );
}

function gapSentence({ gapHours, hours }: SeriesView): string {
  return gapHours === 0
    ? "Telemetry in every hour"
    : `${numberText(gapHours)} of ${numberText(hours)} hours without telemetry: gaps, not zeroes`;
}
