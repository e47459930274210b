"use client";

import { Group, Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface PanelProps {
  title: string;
  /** Beside the title, such as `10 of 37`. */
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
