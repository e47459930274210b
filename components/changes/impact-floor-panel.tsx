"use client";

import { Anchor, Button, Stack, Table, Text } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { getControl } from "@/lib/policy/catalogue";
import type { FloorImpactUseCase, FloorImpactView } from "@/lib/telemetry/views";
import { count, effectSentence } from "./impact";
import { Flips, NotReplayed } from "./impact-panel";

const SHOWN = 10;
const CONTROLS = 3;

/** What a change of a floor would have done to the recorded traffic of each use case of its data class. */
export function FloorImpactPanel({ impact }: { impact: FloorImpactView }) {
  const { sum, useCases, dataClass } = impact;
  return (
    <Stack gap="md">
      <div>
        <Text size="lg" fw={500}>
          {useCases.length === 0
            ? `No use case of data class ${dataClass} has a policy, so nothing would have changed.`
            : effectSentence(sum)}
        </Text>
        <Text size="sm" c="dimmed">
          Recorded decisions from <Time at={impact.from} /> to <Time at={impact.to} /> of{" "}
          {useCases.length === 1 ? "the one use case" : `all ${useCases.length} use cases`} of data class{" "}
          {dataClass}, decided again by the policy in force with the proposed floor joined. Nothing is
          estimated.
        </Text>
        <NotReplayed rows={sum.notReplayable} />
      </div>
      {sum.flips.length > 0 && <Flips impact={sum} />}
      {useCases.length > 0 && <UseCases rows={useCases} />}
    </Stack>
  );
}

function UseCases({ rows }: { rows: readonly FloorImpactUseCase[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <div>
      <TableRegion label="By use case">
        <Table verticalSpacing={4} fz="sm" captionSide="top">
          <Table.Caption ta="left">
            By use case{rows.length > SHOWN && `: ${shown.length} of ${rows.length}`}
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Use case</Table.Th>
              <Table.Th scope="col">Its policy</Table.Th>
              <Table.Th scope="col" ta="right">
                Decisions
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Stricter
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Looser
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Blocked, spared before
              </Table.Th>
              <Table.Th scope="col">Most by</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <UseCaseRow key={row.useCase} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
      {rows.length > SHOWN && (
        <Button size="compact-xs" variant="subtle" className="no-print" onClick={() => setAll(!all)}>
          {all ? `Show the first ${SHOWN}` : `Show all ${rows.length}`}
        </Button>
      )}
    </div>
  );
}

function UseCaseRow({ row }: { row: FloorImpactUseCase }) {
  const most = row.byControl.slice(0, CONTROLS).map(({ key }) => getControl(key)?.title ?? key);
  const more = row.byControl.length > CONTROLS ? ` and ${row.byControl.length - CONTROLS} more` : "";
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Anchor component={Link} href={`/use-cases/${row.useCase}`} size="sm">
          {row.useCase}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <WordBadge word={row.direction} />
      </Table.Td>
      <Table.Td ta="right">{count(row.decisions)}</Table.Td>
      <Table.Td ta="right">{count(row.stricter)}</Table.Td>
      <Table.Td ta="right">{count(row.looser)}</Table.Td>
      <Table.Td ta="right">{count(row.newBlocks.despite)}</Table.Td>
      <Table.Td>{most.join(", ") + more}</Table.Td>
    </Table.Tr>
  );
}
