"use client";

import { Box, Group, SegmentedControl, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";

interface ChartFrameProps {
  title: string;
  /** The chart in one sentence: told to those who do not see it, and shown under it. */
  summary: string;
  chart: ReactNode;
  table: ReactNode;
}

/** A chart with its title, its sentence, and the same figures as a table. */
export function ChartFrame({ title, summary, chart, table }: ChartFrameProps) {
  const [shown, setShown] = useState("chart");
  return (
    <Box component="figure" m={0} aria-label={title} miw={0}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Text component="figcaption" fw={600} size="sm">
          {title}
        </Text>
        <SegmentedControl
          size="xs"
          className="no-print"
          aria-label={`Show ${title} as`}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={shown}
          onChange={setShown}
        />
      </Group>
      {shown === "chart" ? chart : table}
      <Text size="xs" c="dimmed" mt={4}>
        {summary}
      </Text>
    </Box>
  );
}
