"use client";

import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { controlHref } from "@/components/controls/words";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import { hoursLeft, leftText } from "@/lib/policy/time-left";
import type { FindingView } from "@/lib/telemetry/views";
import { CANARY, controlTitle, word } from "../words";

interface FindingsTableProps {
  /** When it was decided. */
  at: string;
  findings: readonly FindingView[];
  /** Outside detectors that did not answer, where that is known. */
  unavailable?: readonly string[];
}

/** Each control that fired: what it is set to, what it did, and the exception that spared it. */
export function FindingsTable({ at, findings, unavailable = [] }: FindingsTableProps) {
  if (findings.length === 0) return <Text size="sm">No control fired.</Text>;
  return (
    <TableRegion label="Table of findings">
      <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={620}>
        <VisuallyHidden component="caption">Findings of this decision</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Control", "Mode", "Effect", "Level", "Exception"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {findings.map((finding) => (
            <Table.Tr key={finding.control}>
              <Table.Th scope="row" fw={500}>
                <Named control={finding.control} />
                <Text size="xs" c="dimmed">
                  {finding.control}
                </Text>
                {finding.control === "detector-unavailable" && unavailable.length > 0 && (
                  <Text size="xs">Did not answer: {unavailable.join(", ")}</Text>
                )}
              </Table.Th>
              <Table.Td>{word(finding.mode)}</Table.Td>
              <Table.Td>
                <WordBadge word={finding.effect} />
              </Table.Td>
              <Table.Td>{finding.level ?? "–"}</Table.Td>
              <Table.Td>
                <Exception at={at} exception={finding.exception} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

/** A canary has no page: it is no control of the catalogue. */
function Named({ control }: { control: string }) {
  if (control === CANARY) return <>{controlTitle(control)}</>;
  return (
    <Anchor component={Link} href={controlHref(control)} size="sm" prefetch={false}>
      {controlTitle(control)}
    </Anchor>
  );
}

function Exception({ at, exception }: Pick<FindingView, "exception"> & { at: string }) {
  if (!exception) return <>none</>;
  return (
    <>
      <Anchor component={Link} href={`/exceptions/${exception.ref}`} size="sm" underline="always">
        {exception.ref}
      </Anchor>
      , owned by {exception.riskOwner}
      <Text size="xs" c="dimmed">
        {leftText(hoursLeft(new Date(exception.expiresAt), new Date(at)))} left at the time, until{" "}
        <Time at={exception.expiresAt} />
      </Text>
    </>
  );
}
