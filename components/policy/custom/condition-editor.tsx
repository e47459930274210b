"use client";

import { Button, Group, Table, Text, Textarea } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useRef } from "react";
import { TableRegion } from "@/components/ui/table-region";
import { CONTEXT_FIELDS, type ContextField } from "@/lib/policy/cedar/context-fields";
import type { ControlProblem } from "@/lib/telemetry/views";
import { inserted, newLine, placeOf } from "./edit-custom";

interface ConditionEditorProps {
  value: string;
  onChange: (when: string) => void;
  /** Those of the condition. */
  problems: readonly ControlProblem[];
  customIds: readonly string[];
}

/** A Cedar condition in a plain text field: Enter keeps the indentation, a button goes to each mistake, fields insert. */
export function ConditionEditor({ value, onChange, problems, customIds }: ConditionEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const insert = (piece: string) => {
    const { start, end } = selectionOf(field);
    const next = inserted(value, start ?? value.length, end ?? value.length, piece);
    onChange(next.text);
    select(field, next.caret, next.caret);
  };
  return (
    <div>
      <Textarea
        ref={field}
        label="Condition (Cedar)"
        description="The control fires on every request for which it holds. Empty: it only looks into content."
        autosize
        minRows={3}
        maxRows={16}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => keepIndentation(event, value, onChange, field)}
        error={problems.length > 0}
        styles={{
          input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "13px", tabSize: 2 },
        }}
      />
      {problems.map((problem) => (
        <Problem key={`${problem.start} ${problem.message}`} problem={problem} text={value} field={field} />
      ))}
      <details style={{ marginTop: 8 }}>
        <Text component="summary" size="sm" style={{ cursor: "pointer" }}>
          What it may read: {CONTEXT_FIELDS.length} fields, and who asks for what
        </Text>
        <Fields insert={insert} customIds={customIds} />
      </details>
    </div>
  );
}

type FieldRef = RefObject<HTMLTextAreaElement | null>;

function selectionOf(field: FieldRef): { start: number | undefined; end: number | undefined } {
  return { start: field.current?.selectionStart, end: field.current?.selectionEnd };
}

/** After the text that was set has been drawn. */
function select(field: FieldRef, start: number, end: number): void {
  requestAnimationFrame(() => {
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  });
}

function keepIndentation(
  event: KeyboardEvent<HTMLTextAreaElement>,
  value: string,
  onChange: (when: string) => void,
  field: FieldRef,
): void {
  if (
    event.key !== "Enter" ||
    event.shiftKey ||
    event.ctrlKey ||
    event.metaKey ||
    event.nativeEvent.isComposing
  )
    return;
  const { selectionStart: start, selectionEnd: end } = event.currentTarget;
  const line = newLine(value, start);
  if (line === "\n") return;
  event.preventDefault();
  onChange(value.slice(0, start) + line + value.slice(end));
  select(field, start + line.length, start + line.length);
}

function Problem({ problem, text, field }: { problem: ControlProblem; text: string; field: FieldRef }) {
  const { start, end, message } = problem;
  const place = start === null ? null : placeOf(text, Math.min(start, text.length));
  return (
    <Group gap={6} mt={4} align="baseline">
      <Text size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: "anywhere" }}>
        {place && `Line ${place.line}, column ${place.column}: `}
        {message}
      </Text>
      {start !== null && (
        <Button size="compact-xs" variant="light" onClick={() => select(field, start, end ?? start)}>
          Go there
        </Button>
      )}
    </Group>
  );
}

const BESIDE = [
  {
    piece: 'action == Action::"tool_call"',
    says: "What is asked: prompt, completion, tool_call, tool_result, …",
  },
  { piece: 'principal == Workload::"name"', says: "The workload that asks." },
];

/** What a click on a field puts into the condition. */
function pieceOf({ name, type, values, bounds }: ContextField): string {
  if (type === "Bool") return `context.${name}`;
  if (type === "Long") return `context.${name} > ${bounds?.at(Math.floor(bounds.length / 2)) ?? 0}`;
  if (type === "Signals") return 'context.signals has "secrets" && context.signals["secrets"] <= 2';
  return `context.${name} == "${values?.at(-1) ?? ""}"`;
}

function Fields({ insert, customIds }: { insert: (piece: string) => void; customIds: readonly string[] }) {
  const own = customIds.map((id) => ({
    piece: `context.signals has "${id}" && context.signals["${id}"] <= 2`,
    says: `What ${id} found in content.`,
  }));
  return (
    <TableRegion label="What a condition may read">
      <Table verticalSpacing={2} fz="xs" miw={620} mt={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Reads</Table.Th>
            <Table.Th scope="col">Type</Table.Th>
            <Table.Th scope="col">Says</Table.Th>
            <Table.Th scope="col">Insert</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {CONTEXT_FIELDS.map((field) => (
            <Row
              key={field.name}
              name={`context.${field.name}`}
              type={field.type}
              says={`${field.says}${detailOf(field)}`}
              onInsert={() => insert(pieceOf(field))}
            />
          ))}
          {[...BESIDE, ...own].map(({ piece, says }) => (
            <Row key={piece} name={piece} type="Bool" says={says} onInsert={() => insert(piece)} />
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function detailOf({ values, bounds }: ContextField): string {
  if (values) return ` One of: ${values.map((value) => `"${value}"`).join(", ")}.`;
  return bounds
    ? ` Kept in buckets: compare by > or <= with ${bounds.slice(0, 6).join(", ")}, … ${bounds.at(-1)}.`
    : "";
}

function Row({
  name,
  type,
  says,
  onInsert,
}: {
  name: string;
  type: string;
  says: string;
  onInsert: () => void;
}) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} style={{ overflowWrap: "anywhere" }}>
        <code>{name}</code>
      </Table.Th>
      <Table.Td>{type}</Table.Td>
      <Table.Td>{says}</Table.Td>
      <Table.Td>
        <Button size="compact-xs" variant="light" aria-label={`Insert ${name}`} onClick={onInsert}>
          Insert
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
