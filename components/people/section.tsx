import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  /** One or two sentences on what it is. */
  about: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page, with its heading and its buttons. */
export function Section({ title, about, actions, children }: SectionProps) {
  return (
    <Stack component="section" gap="xs">
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        {actions && (
          <Group gap="xs" className="no-print">
            {actions}
          </Group>
        )}
      </Group>
      <Text size="sm" c="dimmed" maw={760}>
        {about}
      </Text>
      {children}
    </Stack>
  );
}
