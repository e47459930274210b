"use client";

import { Anchor, Button, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { getControl } from "@/lib/policy/catalogue";
import type { ImpactBy, ImpactView } from "@/lib/telemetry/views";
import { count, effectSentence } from "./impact";
import { ImpactNewBlocks } from "./impact-new-blocks";
import { ImpactOverTime } from "./impact-over-time";
import { WaysHead, WaysRow } from "./impact-ways";

const SHOWN = 10;

/** `NotReplayableReason` in words. */
const NOT_REPLAYED: Record<string, string> = {
  facts_missing: "their facts are not stored",
  content_not_kept:
    "a custom control looks for other phrases or patterns than then, and their content was not kept",
  rows_not_kept:
    "their hour is cut by the window or by an exception, and of that hour only the sums are still kept",
};

/** What the proposal would have done to the recorded traffic, both ways. */
export function ImpactPanel({ impact }: { impact: ImpactView }) {
  const flipped = impact.stricter + impact.looser;
  return (
    <Stack gap="md">
      <div>
        <Text size="lg" fw={500}>
          {effectSentence(impact)}
        </Text>
        <Text size="sm" c="dimmed">
          Recorded decisions from <Time at={impact.from} /> to <Time at={impact.to} />, decided again under
          the proposal with the exceptions of their time. Nothing is estimated.
        </Text>
        <NotReplayed rows={impact.notReplayable} />
      </div>
      {flipped > 0 && (
        <>
          <Flips impact={impact} />
          <SimpleGrid cols={{ base: 1, sm: 2, xl: 4 }} spacing="lg">
            <By title="By control" rows={impact.byControl} name={(id) => getControl(id)?.title ?? id} />
            <By title="By workload" rows={impact.byWorkload} />
            <By title="By tool" rows={impact.byTool} />
            <By title="By model" rows={impact.byModel} />
          </SimpleGrid>
          <ImpactOverTime impact={impact} />
          <Examples impact={impact} />
        </>
      )}
      {impact.decisions > 0 && <ImpactNewBlocks impact={impact} />}
    </Stack>
  );
}

/** How many could not be replayed, and why. */
export function NotReplayed({ rows }: { rows: ImpactView["notReplayable"] }) {
  return rows.map(({ reason, n }) => (
    <Text size="sm" key={reason}>
      {count(n)} could not be replayed: {NOT_REPLAYED[reason] ?? reason}.
    </Text>
  ));
}

function Way({ stricter }: { stricter: boolean }) {
  return <WordBadge word={stricter ? "tightens" : "loosens"}>{stricter ? "stricter" : "looser"}</WordBadge>;
}

/** Outcomes before and after, with how many decisions go from one to the other. */
export function Flips({ impact }: { impact: Pick<ImpactView, "flips"> }) {
  return (
    <TableRegion label="Outcomes that flip">
      <Table verticalSpacing={4} w="auto" captionSide="top">
        <Table.Caption ta="left">Outcomes that flip</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Was</Table.Th>
            <Table.Th scope="col">Would be</Table.Th>
            <Table.Th scope="col">Way</Table.Th>
            <Table.Th scope="col" ta="right">
              Decisions
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {impact.flips.map((flip) => (
            <Table.Tr key={`${flip.from}-${flip.to}`}>
              <Table.Td>
                <WordBadge word={flip.from} />
              </Table.Td>
              <Table.Td>
                <WordBadge word={flip.to} />
              </Table.Td>
              <Table.Td>
                <Way stricter={flip.stricter} />
              </Table.Td>
              <Table.Td ta="right">{count(flip.n)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

interface ByProps {
  title: string;
  rows: readonly ImpactBy[];
  name?: (key: string) => string;
}

function By({ title, rows, name = (key) => key }: ByProps) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <div>
      <TableRegion label={title}>
        <Table verticalSpacing={3} horizontalSpacing={6} fz="sm" captionSide="top">
          <Table.Caption ta="left">
            {title}
            {rows.length > SHOWN && `: ${shown.length} of ${rows.length}`}
          </Table.Caption>
          <WaysHead first={title.replace("By ", "")} />
          <Table.Tbody>
            {shown.map((row) => (
              <WaysRow key={row.key} row={row} name={name(row.key)} />
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

function Examples({ impact }: { impact: ImpactView }) {
  if (impact.examples.length === 0) return null;
  return (
    <TableRegion label="Examples">
      <Table verticalSpacing={4} w="auto" captionSide="top">
        <Table.Caption ta="left">
          Examples: {impact.examples.length} of {count(impact.stricter + impact.looser)}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Decision</Table.Th>
            <Table.Th scope="col">Was</Table.Th>
            <Table.Th scope="col">Would be</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {impact.examples.map((example) => (
            <Table.Tr key={example.decisionId}>
              <Table.Th scope="row" fw={400}>
                <Anchor component={Link} href={`/telemetry/decisions/${example.decisionId}`} size="sm">
                  <Time at={example.decidedAt} />
                </Anchor>
              </Table.Th>
              <Table.Td>
                <WordBadge word={example.from} />
              </Table.Td>
              <Table.Td>
                <WordBadge word={example.to} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
