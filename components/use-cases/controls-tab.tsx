"use client";

import { Box, Button, Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useSearchParams } from "next/navigation";
import { LevelHistogram, LevelLegend } from "@/components/charts/level-histogram";
import { controlHref, rowId } from "@/components/controls/words";
import { controlGroups } from "@/components/policy/edit-document";
import { floorName, originText } from "@/components/policy/origin";
import { LevelTable } from "@/components/readiness/level-table";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { BUILT_IN_DETECTORS, isCustomControl } from "@/lib/policy/catalogue";
import type { Control } from "@/lib/policy/catalogue/types";
import type { ControlBinding, Mode, Sensitivity } from "@/lib/policy/document";
import { fieldTitle } from "@/lib/policy/labels";
import type { ControlSensitivity, SensitivityView } from "@/lib/readiness/views";
import type { BreakdownView } from "@/lib/telemetry/views";
import type { PolicyView } from "@/lib/use-cases/views";
import { proposeControlHref } from "./propose-control";
import { count } from "./words";

interface ControlsTabProps {
  slug: string;
  policy: PolicyView;
  /** Findings by control and effect. */
  findings: BreakdownView;
  sensitivity: SensitivityView;
  mayDraft: boolean;
}

/** Each control: what it is set to, what it did, and what each level would have done. */
export function ControlsTab({ slug, policy, findings, sensitivity, mayDraft }: ControlsTabProps) {
  const effects = new Map(findings.rows.map((row) => [row.key, row.parts]));
  const byControl = new Map(sensitivity.controls.map((levels) => [levels.control, levels]));
  return (
    <Stack gap="sm">
      <Text size="sm">
        Counted over <Time at={findings.from} dateOnly /> to <Time at={findings.to} dateOnly />. A level fires
        on what it and every level before it would catch
        {mayDraft ? "; follow one to propose it." : "."}{" "}
        {policy.floor
          ? `The ${floorName(policy.floor)}, is joined: where it is stricter, it sets the value.`
          : "No floor is set for its data class: the document sets every value."}
      </Text>
      <Text size="sm">{detectorsText(policy.effective)}</Text>
      <LevelLegend />
      <TableRegion label="Controls">
        <Table verticalSpacing={3} horizontalSpacing="xs" fz="sm" miw={1020} highlightOnHover>
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
                  slug={slug}
                  mayDraft={mayDraft}
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
  slug: string;
  mayDraft: boolean;
  control: Control;
  binding: ControlBinding | null;
  policy: PolicyView;
  parts: Record<string, number>;
  levels: ControlSensitivity | null;
}

function ControlRow(props: ControlRowProps) {
  const { slug, mayDraft, control, levels } = props;
  const asked = useSearchParams().get("levels") === control.id;
  const [opened, { toggle }] = useDisclosure(asked);
  return (
    <>
      <SetRow {...props} opened={opened} toggle={toggle} />
      {opened && levels && (
        <Table.Tr>
          <Table.Td colSpan={9}>
            <Box id={detailId(control)}>
              <LevelTable slug={slug} title={control.title} levels={levels} mayDraft={mayDraft} />
            </Box>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

const detailId = ({ id }: Control) => `levels-${id.replaceAll("/", "-")}`;

function SetRow({
  slug,
  mayDraft,
  control,
  binding,
  policy,
  parts,
  levels,
  opened,
  toggle,
}: ControlRowProps & { opened: boolean; toggle: () => void }) {
  const mode = binding?.mode ?? "off";
  const hrefOf = (level: Sensitivity) =>
    proposeControlHref(slug, { propose: "sensitivity", control: control.id, level });
  return (
    <Table.Tr id={rowId(control.id)} style={{ scrollMarginTop: BELOW_HEADER_PX }}>
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
        {levels?.levels.some(({ fired }) => fired > 0) ? (
          <Group gap="xs" wrap="nowrap">
            <LevelHistogram levels={levels} title={control.title} proposeHref={mayDraft ? hrefOf : null} />
            <Button
              size="compact-xs"
              variant="default"
              aria-expanded={opened}
              aria-controls={opened ? detailId(control) : undefined}
              onClick={toggle}
            >
              Rulings
              <VisuallyHidden> of {control.title}, by level</VisuallyHidden>
            </Button>
          </Group>
        ) : (
          <Text size="xs" c="dimmed">
            {quietText(control)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** A row that an address leads to stands below the page's header. */
const BELOW_HEADER_PX = 120;

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
