"use client";

import { Button, Collapse, Group, NativeSelect, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useId, useState } from "react";
import { type FieldMessages, modesOf } from "@/components/policy/edit-document";
import { FieldError } from "@/components/policy/list-field";
import { getControl } from "@/lib/policy/catalogue";
import { type ControlBinding, type Mode, SENSITIVITIES, type Sensitivity } from "@/lib/policy/document";
import type { ControlProblem } from "@/lib/telemetry/views";
import { ConditionEditor } from "./condition-editor";
import { LinesField } from "./lines-field";
import { TextTry } from "./text-try";
import { TriedPanel } from "./tried-panel";
import { useCheck } from "./use-check";

interface CustomCardProps {
  useCase: string;
  id: string;
  customIds: string[];
  binding: ControlBinding;
  messages: FieldMessages;
  isNew: boolean;
  onChange: (binding: ControlBinding) => void;
  onRemove: () => void;
}

/** One control of the organisation's own: what it fires on, and what that would have meant. */
export function CustomCard({ id, binding, isNew, onRemove, ...rest }: CustomCardProps) {
  const [open, setOpen] = useState(isNew);
  const body = useId();
  const title = getControl(id, binding)?.title ?? id;
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Group justify="space-between" gap="xs">
        <div>
          <Title order={3} size="h5">
            {title}
          </Title>
          <Text size="xs" c="dimmed">
            <code>{id}</code>, {summaryOf(binding)}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={open}
            aria-controls={body}
            onClick={() => setOpen(!open)}
          >
            {open ? `Close ${title}` : `Edit ${title}`}
          </Button>
          <Button size="compact-sm" variant="light" color="red" onClick={onRemove}>
            Remove {title}
          </Button>
        </Group>
      </Group>
      <Collapse expanded={open} id={body}>
        {open && <CustomBody {...rest} id={id} binding={binding} title={title} />}
      </Collapse>
    </Paper>
  );
}

function summaryOf({ mode, when, phrases = [], patterns = [] }: ControlBinding): string {
  const parts = [
    mode.replaceAll("_", " "),
    when ? "a condition" : "",
    phrases.length > 0 ? `${phrases.length} ${phrases.length === 1 ? "phrase" : "phrases"}` : "",
    patterns.length > 0 ? `${patterns.length} ${patterns.length === 1 ? "pattern" : "patterns"}` : "",
  ];
  return parts.filter(Boolean).join(", ");
}

type BodyProps = Omit<CustomCardProps, "isNew" | "onRemove"> & { title: string };

function CustomBody({ useCase, id, title, customIds, binding, messages, onChange }: BodyProps) {
  const check = useCheck({ useCase, id, customIds, binding });
  const found = check.isBehind ? [] : (check.view?.problems ?? []);
  const content = (binding.phrases?.length ?? 0) + (binding.patterns?.length ?? 0) > 0;
  const control = getControl(id, binding);
  const put = (part: Partial<ControlBinding>) => onChange({ ...binding, ...part });
  const listProblems = (field: "phrases" | "patterns") => byPlace(id, field, messages, found);
  const whenProblems = found.filter(({ field }) => field === "when");
  const own = messages.get(`controls.${id}.when`);
  return (
    <Stack gap="md" mt="sm">
      <ConditionEditor
        value={binding.when ?? ""}
        onChange={(when) => put({ when })}
        problems={
          own && whenProblems.length === 0
            ? [{ field: "when", message: own, start: null, end: null }]
            : whenProblems
        }
        customIds={customIds.filter((other) => other !== id)}
      />
      <TriedPanel check={check} hasCondition={Boolean(binding.when)} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <LinesField
          label="Phrases"
          noun="Phrase"
          description="One to a line. L1: as whole words; L2: with signs between; L3: within longer words."
          value={binding.phrases ?? []}
          onChange={(phrases) => put({ phrases })}
          problems={listProblems("phrases")}
        />
        <LinesField
          label="Patterns"
          noun="Pattern"
          description="One to a line, RE2 syntax, without regard to case. A match is L1."
          value={binding.patterns ?? []}
          onChange={(patterns) => put({ patterns })}
          problems={listProblems("patterns")}
        />
        <NativeSelect
          label="Mode"
          value={binding.mode}
          data={modesOf(control ?? { knowsSpans: content }).map((value) => ({
            value,
            label: value.replaceAll("_", " "),
          }))}
          onChange={(event) => put({ mode: event.currentTarget.value as Mode })}
        />
        <NativeSelect
          label="Sensitivity"
          description={content ? undefined : "Only for what is found in content, or signalled by callers."}
          value={binding.sensitivity ?? ""}
          data={[...(content ? [] : [{ value: "", label: "none" }]), ...SENSITIVITIES]}
          onChange={(event) => {
            const { sensitivity: _before, ...others } = binding;
            const chosen = event.currentTarget.value as Sensitivity | "";
            onChange(chosen === "" ? others : { ...others, sensitivity: chosen });
          }}
        />
      </SimpleGrid>
      {messages.get(`controls.${id}.mode`) && <FieldError>{messages.get(`controls.${id}.mode`)}</FieldError>}
      {content && <TextTry useCase={useCase} binding={binding} />}
      <Text size="xs" c="dimmed">
        {title} is enrolled in limited, like any other control, in the table above.
      </Text>
    </Stack>
  );
}

/** What is wrong with the entries of a list, by place: the form's own messages before the server's. */
function byPlace(
  id: string,
  field: "phrases" | "patterns",
  messages: FieldMessages,
  found: readonly ControlProblem[],
): Map<number, string> {
  const prefix = `controls.${id}.${field}.`;
  const own = [...messages].filter(([path]) => path.startsWith(prefix));
  return new Map([
    ...found
      .filter((problem) => problem.field.startsWith(`${field}.`))
      .map(({ field: at, message }) => [Number(at.split(".").at(-1)), message] as const),
    ...own.map(([path, message]) => [Number(path.slice(prefix.length)), message] as const),
  ]);
}
