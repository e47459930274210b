"use client";

import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { LevelHistogram } from "@/components/charts/level-histogram";
import { controlGroups } from "@/components/policy/edit-document";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { BUILT_IN_DETECTORS, isCustomControl } from "@/lib/policy/catalogue";
import type { Control } from "@/lib/policy/catalogue/types";
import type { ControlBinding, PolicyDocument } from "@/lib/policy/document";
import type { BreakdownView, ControlLevels } from "@/lib/telemetry/views";
import { count } from "./words";

interface ControlsTabProps {
  document: PolicyDocument;
  /** Findings by control and effect. */
  findings: BreakdownView;
  levels: ControlLevels[];
}

/** Each control: what it is set to, what it did, and what each level would have done. */
export function ControlsTab({ document, findings, levels }: ControlsTabProps) {
  const effects = new Map(findings.rows.map((row) => [row.key, row.parts]));
  const byControl = new Map(levels.map((level) => [level.control, level]));
  return (
    <Stack gap="sm">
      <Text size="sm">
        Counted over <Time at={findings.from} dateOnly /> to <Time at={findings.to} dateOnly />. A level fires
        on what it and every level before it would catch; * marks the level that is set.
      </Text>
      <TableRegion label="Controls">
        <Table verticalSpacing={3} horizontalSpacing="xs" fz="sm" miw={860} highlightOnHover>
          <VisuallyHidden component="caption">
            Controls with mode, sensitivity, what they did and what each level would have fired on
          </VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Control</Table.Th>
              <Table.Th scope="col">Mode</Table.Th>
              <Table.Th scope="col">Sensitivity</Table.Th>
              <Table.Th scope="col">Confidence</Table.Th>
              <Table.Th scope="col" ta="right">
                Would act
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Acted
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Exempted
              </Table.Th>
              <Table.Th scope="col">Would fire at L1 to L4</Table.Th>
            </Table.Tr>
          </Table.Thead>
          {controlGroups(document).map((group) => (
            <Table.Tbody key={group.id}>
              <Table.Tr>
                <Table.Th colSpan={8} scope="rowgroup" pt="xs">
                  {group.title}
                </Table.Th>
              </Table.Tr>
              {group.rows.map(({ control, binding }) => (
                <ControlRow
                  key={control.id}
                  control={control}
                  binding={binding}
                  parts={effects.get(control.id) ?? {}}
                  levels={byControl.get(control.id) ?? null}
                />
              ))}
            </Table.Tbody>
          ))}
        </Table>
      </TableRegion>
    </Stack>
  );
}

const sum = (parts: Record<string, number>, effects: readonly string[]) =>
  effects.reduce((total, effect) => total + (parts[effect] ?? 0), 0);

const WOULD = ["would_block", "would_redact", "would_require_approval"];
const ACTED = ["blocked", "redacted", "needs_approval"];

interface ControlRowProps {
  control: Control;
  binding: ControlBinding | null;
  parts: Record<string, number>;
  levels: ControlLevels | null;
}

function ControlRow({ control, binding, parts, levels }: ControlRowProps) {
  const mode = binding?.mode ?? "off";
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} title={control.catches}>
        {control.title}
      </Table.Th>
      <Table.Td c={mode === "off" ? "dimmed" : undefined}>{mode.replaceAll("_", " ")}</Table.Td>
      <Table.Td>{binding?.sensitivity ?? "–"}</Table.Td>
      <Table.Td>{control.confidence}</Table.Td>
      <Table.Td ta="right">{count(sum(parts, WOULD))}</Table.Td>
      <Table.Td ta="right">{count(sum(parts, ACTED))}</Table.Td>
      <Table.Td ta="right">{count(parts["exempted"] ?? 0)}</Table.Td>
      <Table.Td>
        {levels && levels.fired.L4 > 0 ? (
          <LevelHistogram levels={levels} title={control.title} />
        ) : (
          <Text size="xs" c="dimmed">
            {quietText(control)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Why nothing stands here: nothing fired, or nothing of ours looks for it. */
function quietText({ id, takesSensitivity }: Pick<Control, "id" | "takesSensitivity">): string {
  if (!takesSensitivity) return "takes no sensitivity";
  return BUILT_IN_DETECTORS.includes(id) || isCustomControl(id) ? "at no level" : "only by callers' signals";
}
