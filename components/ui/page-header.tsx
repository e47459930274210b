"use client";

import { Group, Stack, Text, Title } from "@mantine/core";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";

interface PageHeaderProps {
  title: ReactNode;
  /** One sentence on what this page answers. */
  description?: ReactNode;
  badges?: ReactNode;
  actions?: ReactNode;
}

/** Where the last heading stood; null until the first page of the document is there. */
let lastPath: string | null = null;

/** The page's heading, which takes the focus when one moves within the console. */
export function PageHeader({ title, description, badges, actions }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const path = usePathname();
  useEffect(() => {
    if (lastPath !== null && lastPath !== path) heading.current?.focus({ preventScroll: true });
    lastPath = path;
  }, [path]);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2}>
        <Group gap="xs">
          <Title order={1} size="h2" ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {badges}
        </Group>
        {description && (
          <Text c="dimmed" size="sm" maw={760}>
            {description}
          </Text>
        )}
      </Stack>
      {actions && (
        <Group gap="xs" className="no-print">
          {actions}
        </Group>
      )}
    </Group>
  );
}
