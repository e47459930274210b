"use client";

import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { LevelHistogram } from "@/components/charts/level-histogram";
import { controlHref } from "@/components/controls/words";
import { controlGroups } from "@/components/policy/edit-document";
import { floorName, originText } from "@/components/policy/origin";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { BUILT_IN_DETECTORS, isCustomControl } from "@/lib/policy/catalogue";
import type { Control } from "@/lib/policy/catalogue/types";
import type { ControlBinding, Mode } from "@/lib/policy/document";
import { fieldTitle } from "@/lib/policy/labels";
import type { BreakdownView, ControlLevels } from "@/lib/telemetry/views";
import type { PolicyView } from "@/lib/use-cases/views";
import { count } from "./words";

interface ControlsTabProps {
  policy: PolicyView;
  /** Findings by control and effect. */
  findings: BreakdownView;
  levels: ControlLevels[];
}

/** Each control: what it is set to, what it did, and what each level would have done. */
export function ControlsTab({ policy, findings, levels }: ControlsTabProps) {
  const effects = new Map(findings.rows.map((row) => [row.key, row.parts]));
  const byControl = new Map(levels.map((level) => [level.control, level]));
  return (
    <Stack gap="sm">
      <Text size="sm">
        Counted over <Time at={findings.from} dateOnly /> to <Time at={findings.to} dateOnly />. A level fires
        on what it and every level before it would catch; * marks the level that is set.{" "}
        {policy.floor
          ? `The ${floorName(policy.floor)}, is joined: where it is stricter, it sets the value.`
          : "No floor is set for its data class: the document sets every value."}
      </Text>
      <Text size="sm">{detectorsText(policy.effective)}</Text>
      <TableRegion label="Controls">
        <Table verticalSpacing={3} horizontalSpacing="xs" fz="sm" miw={960} highlightOnHover>
          <VisuallyHidden component="caption">
            Controls with mode, sensitivity, what they did and what each level would have fired on
          </VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Control</Table.Th>
              <Table.Th scope="col">Mode</Table.Th>
              <Table.Th scope="col">Sensitivity</Table.Th>
              <Table.Th scope="col">Set by</Table.Th>
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
          {controlGroups(policy.effective).map((group) => (
            <Table.Tbody key={group.id}>
              <Table.Tr>
                <Table.Th colSpan={9} scope="rowgroup" pt="xs">
                  {group.title}
                </Table.Th>
              </Table.Tr>
              {group.rows.map(({ control, binding }) => (
                <ControlRow
                  key={control.id}
                  control={control}
                  binding={binding}
                  policy={policy}
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

const WHEN_AWAY: Partial<Record<Mode, string>> = {
  enforce: "the request is blocked (enforce), as far as the stage lets the control act",
  require_approval: "the request is held for approval, as far as the stage lets the control act",
  log: "the request passes, which is recorded (log)",
};

/** Which outside detectors are asked, and what happens when one does not answer. */
function detectorsText({ detectors = [], controls }: PolicyView["effective"]): string {
  if (detectors.length === 0) return "No outside detector is asked.";
  const mode = controls["detector-unavailable"]?.mode ?? "off";
  const away = WHEN_AWAY[mode] ?? "the request passes";
  return `Outside detectors asked: ${detectors.join(", ")}. Where one does not answer, ${away}.`;
}

const sum = (parts: Record<string, number>, effects: readonly string[]) =>
  effects.reduce((total, effect) => total + (parts[effect] ?? 0), 0);

const WOULD = ["would_block", "would_redact", "would_require_approval"];
const ACTED = ["blocked", "redacted", "needs_approval"];

interface ControlRowProps {
  control: Control;
  binding: ControlBinding | null;
  policy: PolicyView;
  parts: Record<string, number>;
  levels: ControlLevels | null;
}

function ControlRow({ control, binding, policy, parts, levels }: ControlRowProps) {
  const mode = binding?.mode ?? "off";
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <LinkAnchor href={controlHref(control.id)} prefetch={false}>
          {control.title}
        </LinkAnchor>
      </Table.Th>
      <Table.Td c={mode === "off" ? "dimmed" : undefined}>{mode.replaceAll("_", " ")}</Table.Td>
      <Table.Td>{binding?.sensitivity ?? "–"}</Table.Td>
      <Table.Td>
        <SetBy policy={policy} id={control.id} binding={binding} />
      </Table.Td>
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

/** Who set mode, sensitivity and what a custom control looks for; said apart where they differ. */
function SetBy({ policy, id, binding }: { policy: PolicyView; id: string; binding: ControlBinding | null }) {
  if (binding === null) return <>–</>;
  const paths = Object.keys(binding).map((field) => `controls.${id}.${field}`);
  const floored = paths.filter((path) => policy.origins[path] === "floor");
  if (floored.length === 0) return <>document</>;
  return floored.map((path) => (
    <Text key={path} size="xs" fw={600}>
      {fieldTitle(path).split(": ").at(-1)}: {originText(policy, path)}
    </Text>
  ));
}

/** Why nothing stands here: nothing fired, or nothing of ours looks for it. */
function quietText({ id, takesSensitivity }: Pick<Control, "id" | "takesSensitivity">): string {
  if (!takesSensitivity) return "takes no sensitivity";
  return BUILT_IN_DETECTORS.includes(id) || isCustomControl(id)
    ? "at no level"
    : "only by signals from outside";
}
