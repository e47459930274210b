"use client";

import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { controlHref } from "@/components/controls/words";
import { TableRegion } from "@/components/ui/table-region";
import { Time } from "@/components/ui/time";
import { WordBadge } from "@/components/vocabulary/badges";
import type { FindingView } from "@/lib/telemetry/views";
import { controlTitle, plural, word } from "../words";

/** Each control that fired: what it is set to, what it did, and the exception that spared it. */
export function FindingsTable({ findings }: { findings: readonly FindingView[] }) {
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
                <Anchor component={Link} href={controlHref(finding.control)} size="sm" prefetch={false}>
                  {controlTitle(finding.control)}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {finding.control}
                </Text>
              </Table.Th>
              <Table.Td>{word(finding.mode)}</Table.Td>
              <Table.Td>
                <WordBadge word={finding.effect} />
              </Table.Td>
              <Table.Td>{finding.level ?? "–"}</Table.Td>
              <Table.Td>
                <Exception exception={finding.exception} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}

function Exception({ exception }: Pick<FindingView, "exception">) {
  if (!exception) return <>none</>;
  return (
    <>
      <Anchor component={Link} href={`/exceptions/${exception.ref}`} size="sm" underline="always">
        {exception.ref}
      </Anchor>
      , owned by {exception.riskOwner}
      <Text size="xs" c="dimmed">
        {plural(exception.daysLeft, "day")} left at the time, until <Time at={exception.expiresAt} />
      </Text>
    </>
  );
}
