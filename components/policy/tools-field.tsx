"use client";

import { ActionIcon, Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { IMPACTS, type Impact, type Tool } from "@/lib/policy/document";
import { AnythingOr } from "./list-field";

interface ToolsFieldProps {
  value: Tool[] | null;
  onChange: (value: Tool[] | null) => void;
  error: string | null;
}

/** The approved tools, each with its impact. */
export function ToolsField({ value, onChange, error }: ToolsFieldProps) {
  return (
    <AnythingOr
      label="Tools"
      description="Names or globs such as search_*. A tool declared as observed comes in as high impact, unless its name says that it only reads."
      value={value}
      onChange={onChange}
      error={error}
    >
      {(tools) => (
        <Stack gap={6}>
          {tools.map((tool, index) => {
            const put = (part: Partial<Tool>) =>
              onChange(tools.map((other, at) => (at === index ? { ...other, ...part } : other)));
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; names change while they are typed
              <Group key={index} gap="xs" wrap="nowrap">
                <TextInput
                  size="xs"
                  flex={1}
                  aria-label={`Tool ${index + 1}: name`}
                  value={tool.name}
                  onChange={(event) => put({ name: event.currentTarget.value })}
                />
                <NativeSelect
                  size="xs"
                  w={130}
                  aria-label={`Tool ${tool.name || index + 1}: impact`}
                  value={tool.impact}
                  data={IMPACTS.map((impact) => ({ value: impact, label: `${impact} impact` }))}
                  onChange={(event) => put({ impact: event.currentTarget.value as Impact })}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove tool ${tool.name || index + 1}`}
                  onClick={() => onChange(tools.filter((_, at) => at !== index))}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Group>
            );
          })}
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...tools, { name: "", impact: "low" }])}
            style={{ alignSelf: "flex-start" }}
          >
            Add a tool
          </Button>
        </Stack>
      )}
    </AnythingOr>
  );
}
