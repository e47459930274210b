import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Floored } from "./origin";

/** What every part of the editor is given. */
export interface SectionProps {
  value: PolicyDocument;
  edit: (change: (document: PolicyDocument) => PolicyDocument) => void;
  under: (path: string) => string | null;
  /** What will be in force instead, where the floor is stricter. */
  floored: Floored;
}

export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {lead && (
        <Text size="sm" c="dimmed" mb="xs">
          {lead}
        </Text>
      )}
      <Stack gap="md">{children}</Stack>
    </Paper>
  );
}
