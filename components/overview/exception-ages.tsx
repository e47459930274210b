"use client";

import { Table, Text, VisuallyHidden } from "@mantine/core";
import { lookOf } from "@/components/charts/looks";
import { PatternBar } from "@/components/charts/pattern-bar";
import { Panel } from "@/components/telemetry/panel";
import { numberText } from "@/components/telemetry/words";
import { LinkAnchor } from "@/components/ui/links";
import type { OverviewView } from "@/lib/telemetry/views";

interface ExceptionAgesProps {
  ages: OverviewView["exceptionsByAge"];
  inForce: number;
}

function agesHref(minDays: number, maxDays: number | null): string {
  const query = new URLSearchParams({ state: "in_force" });
  if (minDays > 0) query.set("minAgeDays", String(minDays));
  if (maxDays !== null) query.set("underAgeDays", String(maxDays));
  return `/exceptions?${query}`;
}

/** How long ago what is let pass was approved: old ones are the ones that were forgotten. */
export function ExceptionAges({ ages, inForce }: ExceptionAgesProps) {
  const max = Math.max(...ages.map(({ n }) => n), 1);
  return (
    <Panel
      title="Exceptions by age"
      aside={
        <LinkAnchor href="/exceptions?state=in_force" fz="xs">
          {numberText(inForce)} in force
        </LinkAnchor>
      }
    >
      {inForce === 0 ? (
        <Text size="sm" c="dimmed">
          No exception is in force.
        </Text>
      ) : (
        <Table verticalSpacing={3} horizontalSpacing={6} fz="sm" withRowBorders={false}>
          <VisuallyHidden component="caption">Exceptions in force by days since approval</VisuallyHidden>
          <Table.Tbody>
            {ages.map(({ label, n, minDays, maxDays }) => (
              <Table.Tr key={label}>
                <Table.Th scope="row" fw={400}>
                  {label}
                </Table.Th>
                <Table.Td ta="right">
                  {n === 0 ? "0" : <LinkAnchor href={agesHref(minDays, maxDays)}>{numberText(n)}</LinkAnchor>}
                </Table.Td>
                <Table.Td w="50%">
                  <PatternBar parts={[{ look: lookOf("exempted"), length: (n / max) * 100 }]} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
