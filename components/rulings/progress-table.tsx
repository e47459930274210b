"use client";

import { Button, Table, Text, VisuallyHidden } from "@mantine/core";
import { controlTitle, numberText } from "@/components/telemetry/words";
import { LinkAnchor } from "@/components/ui/links";
import { TableRegion } from "@/components/ui/table-region";
import type { ControlProgress } from "@/lib/rulings/views";
import { estimateText, progressNotes, progressText } from "./words";

interface ProgressTableProps {
  controls: readonly ControlProgress[];
  /** The control that the queue is limited to. */
  chosen: string | null;
  onChoose: (control: string | null) => void;
}

/** How far the sample of each control is ruled, and what it says of the control's false positives. */
export function ProgressTable({ controls, chosen, onChoose }: ProgressTableProps) {
  return (
    <TableRegion label="Progress by control">
      <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={520}>
        <VisuallyHidden component="caption">
          How far the sample of each control is ruled, with its estimated share of false positives
        </VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Control", "Ruled", "False positives", "Fired", "Appeals"].map((name) => (
              <Table.Th key={name} scope="col" style={{ whiteSpace: "nowrap" }}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {controls.map((progress) => (
            <Row
              key={progress.control}
              progress={progress}
              isChosen={progress.control === chosen}
              onChoose={onChoose}
            />
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Row({
  progress,
  isChosen,
  onChoose,
}: {
  progress: ControlProgress;
  isChosen: boolean;
  onChoose: (control: string | null) => void;
}) {
  const { control, fired, openAppeals } = progress;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <Button
          variant={isChosen ? "light" : "subtle"}
          size="compact-sm"
          aria-pressed={isChosen}
          aria-label={`Only ${controlTitle(control)}`}
          onClick={() => onChoose(isChosen ? null : control)}
        >
          {controlTitle(control)}
        </Button>
        {progressNotes(progress).map((note) => (
          <Text key={note} size="xs" c="dimmed" pl={8}>
            {note}
          </Text>
        ))}
      </Table.Th>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{progressText(progress)}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{estimateText(progress.estimate)}</Table.Td>
      <Table.Td>{numberText(fired)}</Table.Td>
      <Table.Td>
        {openAppeals === 0 ? (
          "none"
        ) : (
          <LinkAnchor href={`/telemetry/appeals?status=open&control=${encodeURIComponent(control)}`}>
            {numberText(openAppeals)} open
          </LinkAnchor>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
