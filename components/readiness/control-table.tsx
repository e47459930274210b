"use client";

import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { controlHref } from "@/components/controls/words";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import { proposeControlHref } from "@/components/use-cases/propose-control";
import { WordBadge } from "@/components/vocabulary/badges";
import { getControl } from "@/lib/policy/catalogue";
import type { Stage } from "@/lib/policy/vocabulary";
import type { ControlReadiness, MendsView } from "@/lib/readiness/views";
import { mendOf } from "./links";
import { stateOf } from "./words";

interface ControlTableProps {
  useCase: string;
  stage: Stage;
  controls: readonly ControlReadiness[];
  mayDraft: boolean;
  mends: MendsView;
}

/** Each control that does not act for everybody yet: what its evidence says, and what is missing. */
export function ControlTable({ useCase, stage, controls, mayDraft, mends }: ControlTableProps) {
  return (
    <TableRegion label="Readiness of each control">
      <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={960}>
        <VisuallyHidden component="caption">What is missing for each control to act</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={190}>
              Control
            </Table.Th>
            <Table.Th scope="col" w={130}>
              Set to
            </Table.Th>
            <Table.Th scope="col" w={100}>
              State
            </Table.Th>
            <Table.Th scope="col">Measured</Table.Th>
            <Table.Th scope="col" w={170}>
              <VisuallyHidden>What can be done</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {missingFirst(controls).map((control) => (
            <ControlRow
              key={control.control}
              useCase={useCase}
              stage={stage}
              control={control}
              mayDraft={mayDraft}
              mends={mends}
            />
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function missingFirst(controls: readonly ControlReadiness[]): ControlReadiness[] {
  const isReady = ({ conditions }: ControlReadiness) => Number(conditions.every(({ met }) => met));
  return controls.toSorted((a, b) => isReady(a) - isReady(b));
}

interface ControlRowProps extends Pick<ControlTableProps, "useCase" | "stage" | "mayDraft" | "mends"> {
  control: ControlReadiness;
}

function ControlRow({ useCase, stage, control, mayDraft, mends }: ControlRowProps) {
  const { control: id, mode, sensitivity, acts, conditions } = control;
  const title = getControl(id)?.title ?? id;
  const missing = conditions.filter(({ met }) => !met);
  const mend = missing.map((condition) => mendOf(condition, useCase, mends)).find((found) => found !== null);
  const proposal = acts ? null : proposalLabel(mode, stage);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <LinkAnchor href={controlHref(id)} prefetch={false}>
          {title}
        </LinkAnchor>
      </Table.Th>
      <Table.Td>
        {mode.replaceAll("_", " ")}
        {sensitivity && ` ${sensitivity}`}
        {acts && ", for the cohort"}
      </Table.Td>
      <Table.Td>
        <WordBadge word={missing.length === 0 ? "in_force" : "conflicted"}>{stateOf(conditions)}</WordBadge>
      </Table.Td>
      <Table.Td>{conditions.map(({ text }) => text).join("; ")}</Table.Td>
      <Table.Td ta="right">
        <Stack gap={8} align="flex-end">
          {mend && (
            <LinkAnchor href={mend.href} underline="always" prefetch={false}>
              {mend.label}
              <VisuallyHidden>: {title}</VisuallyHidden>
            </LinkAnchor>
          )}
          {mayDraft && proposal && (
            <LinkAnchor
              href={proposeControlHref(useCase, { propose: "act", control: id })}
              underline="always"
              prefetch={false}
            >
              {proposal}
              <VisuallyHidden>: {title}</VisuallyHidden>
            </LinkAnchor>
          )}
          {!mend && !proposal && (
            <Text size="sm" c="dimmed">
              –
            </Text>
          )}
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}

/** What makes a control act at this stage; null where the stage has to move first. */
function proposalLabel(mode: ControlReadiness["mode"], stage: Stage): string | null {
  if (mode === "log") return stage === "limited" ? "Propose to enforce and enrol" : "Propose to enforce";
  return stage === "limited" ? "Propose to enrol" : null;
}
