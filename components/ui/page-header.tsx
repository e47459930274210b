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

/** The page's heading, which takes the focus when one moves within the console. */
export function PageHeader({ title, description, badges, actions }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const path = usePathname();
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: moving to another path moves the focus
  useEffect(() => {
    if (!first.current || document.referrer === "" || document.activeElement === document.body) {
      if (performance.now() > 3_000) heading.current?.focus({ preventScroll: true });
    }
    first.current = false;
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
