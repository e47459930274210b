"use client";

import { Button, Table, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { numberText } from "@/components/telemetry/words";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { IncidentView } from "@/lib/drift/views";
import { CloseDialog } from "./dialogs";
import { valueSentence } from "./words";

/** Incidents with who marked them, why, and how they ended. */
export function IncidentTable({ incidents }: { incidents: readonly IncidentView[] }) {
  const [closing, setClosing] = useState<IncidentView | null>(null);
  return (
    <>
      <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={980}>
        <VisuallyHidden component="caption">Incidents with how each stands</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Incident", "State", "What", "Use case"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
            <Table.Th scope="col" ta="right">
              Decisions
            </Table.Th>
            <Table.Th scope="col">Marked</Table.Th>
            <Table.Th scope="col">Note</Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>Action</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {incidents.map((incident) => (
            <IncidentLine key={incident.id} incident={incident} onClose={() => setClosing(incident)} />
          ))}
        </Table.Tbody>
      </Table>
      {closing && <CloseDialog incident={closing} onClose={() => setClosing(null)} />}
    </>
  );
}

function IncidentLine({ incident, onClose }: { incident: IncidentView; onClose: () => void }) {
  const {
    ref,
    status,
    dimension,
    value,
    useCase,
    n,
    markedBy,
    markedAt,
    note,
    closingNote,
    closedAt,
    closedBy,
  } = incident;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600} style={{ whiteSpace: "nowrap" }}>
        {ref}
      </Table.Th>
      <Table.Td>
        <WordBadge word={status} />
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }} miw={180}>
        {valueSentence(dimension, value)}
      </Table.Td>
      <Table.Td>{useCase.name}</Table.Td>
      <Table.Td ta="right">{numberText(n)}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Time at={markedAt} />
        <Text size="xs" c="dimmed">
          {markedBy.name}
        </Text>
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }} miw={220}>
        {note}
        {closedAt && (
          <Text size="xs" c="dimmed" component="div">
            Closed by {closedBy?.name} on <Time at={closedAt} />: {closingNote}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {incident.actions.some(({ name, allowed }) => name === "close" && allowed) && (
          <Button size="compact-xs" variant="default" onClick={onClose} aria-label={`Close ${ref}`}>
            Close
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
