"use client";

import { Button, Group, Radio, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import type { ChangeView, RebaseView } from "@/lib/changes/views";
import type { MergedField, Side } from "@/lib/policy/merge";
import { useChangeMove } from "./calls";
import { contentText } from "./words";

interface RebaseFormProps {
  change: ChangeView;
  rebase: RebaseView;
}

/** Both sides of every field that moved; where both moved one, whose value stands is chosen here. */
export function RebaseForm({ change, rebase }: RebaseFormProps) {
  const router = useRouter();
  const [choices, setChoices] = useState<Record<string, Side>>({});
  const move = useChangeMove(change, (after) => router.push(`/changes/${after.ref}`));
  const open = rebase.fields.filter(({ conflict, path }) => conflict && !choices[path]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        move.mutate({ action: "rebase", json: { ontoVersion: rebase.ontoVersion, choices } });
      }}
    >
      <Stack gap="md">
        <TableRegion label="Fields that moved">
          <Table verticalSpacing={4} fz="sm" miw={720}>
            <VisuallyHidden component="caption">
              Fields that moved since version {rebase.baseVersion}
            </VisuallyHidden>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Field</Table.Th>
                <Table.Th scope="col">In version {rebase.baseVersion}</Table.Th>
                <Table.Th scope="col">{change.ref} asks for</Table.Th>
                <Table.Th scope="col">In force, version {rebase.ontoVersion}</Table.Th>
                <Table.Th scope="col">Stands after rebasing</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rebase.fields.map((field) => (
                <Row
                  key={field.path}
                  field={field}
                  chosen={choices[field.path] ?? null}
                  onChoose={(side) => setChoices((before) => ({ ...before, [field.path]: side }))}
                />
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
        {move.error && <ProblemAlert error={move.error} />}
        <Group>
          <Button type="submit" loading={move.isPending} disabled={open.length > 0}>
            Rebase {change.ref} onto version {rebase.ontoVersion}
          </Button>
          {open.length > 0 && (
            <Text size="sm" role="status">
              {open.length} {open.length === 1 ? "field needs" : "fields need"} a choice.
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}

interface RowProps {
  field: MergedField;
  chosen: Side | null;
  onChoose: (side: Side) => void;
}

function Row({ field: { path, title, base, mine, theirs, conflict, won }, chosen, onChoose }: RowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {title}
      </Table.Th>
      {[base, mine, theirs].map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the three columns never move
        <Table.Td key={index} style={{ overflowWrap: "anywhere" }}>
          {contentText(path, value)}
        </Table.Td>
      ))}
      <Table.Td>
        {conflict ? (
          <Radio.Group
            name={path}
            value={chosen ?? ""}
            onChange={(side) => onChoose(side as Side)}
            aria-label={`Whose value of ${title} stands?`}
          >
            <Stack gap={4}>
              <Radio size="xs" value="mine" label="This change's" />
              <Radio size="xs" value="theirs" label="The one in force" />
            </Stack>
          </Radio.Group>
        ) : won === "mine" ? (
          "This change's: only it moved the field"
        ) : (
          "The one in force: this change did not move the field"
        )}
      </Table.Td>
    </Table.Tr>
  );
}
