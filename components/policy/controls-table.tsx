"use client";

import { Checkbox, NativeSelect, Table, Text, Tooltip } from "@mantine/core";
import { memo } from "react";
import { TableRegion } from "@/components/ui/table-region";
import type { Control } from "@/lib/policy/catalogue/types";
import {
  type ControlBinding,
  type Mode,
  type PolicyDocument,
  SENSITIVITIES,
  type Sensitivity,
} from "@/lib/policy/document";
import {
  controlGroups,
  type FieldMessages,
  messagesUnder,
  modesOf,
  withEnrolled,
  withMode,
  withSensitivity,
} from "./edit-document";
import { FieldError } from "./list-field";
import { type Floored, FloorNote } from "./origin";

type Edit = (edit: (document: PolicyDocument) => PolicyDocument) => void;

interface ControlsTableProps {
  document: PolicyDocument;
  messages: FieldMessages;
  edit: Edit;
  floored: Floored;
}

/** Every control with its mode, its sensitivity and whether `limited` enrols it. */
export function ControlsTable({ document, messages, edit, floored }: ControlsTableProps) {
  return (
    <TableRegion label="Controls of the policy">
      <Table verticalSpacing={3} miw={700}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Control</Table.Th>
            <Table.Th scope="col">Confidence</Table.Th>
            <Table.Th scope="col" w={160}>
              Mode
            </Table.Th>
            <Table.Th scope="col" w={90}>
              Sensitivity
            </Table.Th>
            <Table.Th scope="col">Enrolled in limited</Table.Th>
          </Table.Tr>
        </Table.Thead>
        {controlGroups(document).map((group) => (
          <Table.Tbody key={group.id}>
            <Table.Tr>
              <Table.Th colSpan={5} scope="rowgroup" pt="sm">
                {group.title}
              </Table.Th>
            </Table.Tr>
            {group.rows.map(({ control, binding }) => (
              <ControlEditRow
                key={control.id}
                control={control}
                binding={binding}
                enrolled={document.limited.controls.includes(control.id)}
                error={messagesUnder(messages, `controls.${control.id}`)}
                floorNote={floorNoteOf(control.id, floored)}
                edit={edit}
              />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </TableRegion>
  );
}

interface RowProps {
  control: Control;
  binding: ControlBinding | null;
  enrolled: boolean;
  error: string | null;
  floorNote: string | null;
  edit: Edit;
}

/** What the floor sets of one control, in one line. */
function floorNoteOf(id: string, floored: Floored): string | null {
  const notes = [floored(`controls.${id}.mode`), floored(`controls.${id}.sensitivity`)].filter(
    (note) => note !== null,
  );
  if (notes.length < 2) return notes[0] ?? null;
  return `${notes[0]?.split(", by the ")[0]}, ${notes[1]?.replace("In force: ", "")}`;
}

const ControlEditRow = memo(
  function ControlEditRow({ control, binding, enrolled, error, floorNote, edit }: RowProps) {
    const { id, title } = control;
    const mode = binding?.mode ?? "off";
    const sensitivity = binding?.sensitivity;
    return (
      <Table.Tr>
        <Table.Th scope="row" fw={400}>
          <Tooltip
            label={control.catches}
            multiline
            maw={360}
            events={{ hover: true, focus: true, touch: true }}
          >
            <Text size="sm" span>
              {title}
            </Text>
          </Tooltip>
          {control.misses && sensitivity && mode !== "off" && (
            <Text size="xs" c="dimmed">
              Misses at {sensitivity}: {control.misses[sensitivity]}
            </Text>
          )}
          <FloorNote>{floorNote}</FloorNote>
          {error && <FieldError>{error}</FieldError>}
        </Table.Th>
        <Table.Td>{control.confidence}</Table.Td>
        <Table.Td>
          <NativeSelect
            size="xs"
            aria-label={`${title}: mode`}
            value={mode}
            data={modesOf(control).map((value) => ({ value, label: value.replaceAll("_", " ") }))}
            onChange={(event) => {
              const chosen = event.currentTarget.value as Mode;
              edit((document) => withMode(document, id, chosen));
            }}
          />
        </Table.Td>
        <Table.Td>
          {control.takesSensitivity ? (
            <NativeSelect
              size="xs"
              aria-label={`${title}: sensitivity`}
              disabled={mode === "off"}
              value={sensitivity ?? ""}
              data={mode === "off" ? [{ value: "", label: "–" }] : [...SENSITIVITIES]}
              onChange={(event) => {
                const chosen = event.currentTarget.value as Sensitivity;
                edit((document) => withSensitivity(document, id, chosen));
              }}
            />
          ) : (
            <Text size="xs" c="dimmed">
              none
            </Text>
          )}
        </Table.Td>
        <Table.Td>
          <Checkbox
            size="xs"
            aria-label={`${title}: enrolled while the policy is limited`}
            checked={enrolled}
            disabled={mode === "off" && !enrolled}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              edit((document) => withEnrolled(document, id, checked));
            }}
          />
        </Table.Td>
      </Table.Tr>
    );
  },
  (a, b) =>
    a.control.id === b.control.id &&
    a.binding === b.binding &&
    a.enrolled === b.enrolled &&
    a.error === b.error &&
    a.floorNote === b.floorNote,
);
