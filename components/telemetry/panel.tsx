"use client";

import { Group, Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface PanelProps {
  title: string;
  /** Beside the title, such as `3 of 3`. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled part of a page of figures. */
export function Panel({ title, aside, children }: PanelProps) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title} h="100%" miw={0}>
      <Group justify="space-between" mb={6} gap="xs" align="baseline">
        <Title order={2} size="h5">
          {title}
        </Title>
        {aside && (
          <Text size="xs" c="dimmed" component="div">
            {aside}
          </Text>
        )}
      </Group>
      {children}
    </Paper>
  );
}

/** A part of a page that holds one chart, which has its own title. */
export function ChartPanel({ note, children }: { note?: string | null; children: ReactNode }) {
  return (
    <Paper withBorder p="sm" h="100%" miw={0}>
      {children}
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Paper>
  );
}

/** Said beside the figures of the sample organisation. */
export const SYNTHETIC_NOTE = "Synthetic: this is the made-up traffic of the sample organisation.";
