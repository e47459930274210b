"use client";

import { Badge, Button, Code, CopyButton, Group, Text } from "@mantine/core";

interface CopyableProps {
  label: string;
  /** What the button copies: “the command”. */
  what: string;
  text: string;
  /** What it is written in. */
  language?: string;
}

/** A text to be taken away, with a button that copies it. */
export function Copyable({ label, what, text, language }: CopyableProps) {
  return (
    <section aria-label={label}>
      <Group justify="space-between" mb={4}>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {label}
          </Text>
          {language && (
            <Badge variant="default" radius="sm" size="sm" tt="none">
              {language}
            </Badge>
          )}
        </Group>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="light" onClick={copy} aria-live="polite">
              {copied ? "Copied" : `Copy ${what}`}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {text}
      </Code>
    </section>
  );
}
