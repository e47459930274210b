"use client";

import { Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { TableRegion } from "@/components/ui/table-region";
import type { BreakdownView } from "@/lib/telemetry/views";
import { ChartFrame } from "./chart-frame";
import { Legend } from "./legend";
import { PatternBar } from "./pattern-bar";
import { type PreparedBreakdown, prepareBreakdown } from "./prepare-breakdown";

interface BreakdownBarsProps {
  breakdown: BreakdownView;
  title: string;
  /** What a row is called, when not by its key; may be a link. */
  nameOf?: (key: string) => ReactNode;
}

/** The largest values of a dimension as bars of their parts, with how many there are in all. */
export function BreakdownBars({ breakdown, title, nameOf = (key) => key }: BreakdownBarsProps) {
  const prepared = prepareBreakdown(breakdown);
  return (
    <ChartFrame
      title={title}
      summary={prepared.rows.length === 0 ? "None in this time." : prepared.shown}
      chart={
        <Stack gap={6}>
          <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }}>
            {prepared.rows.map((row) => (
              <li key={row.key}>
                <Text size="xs" component="div">
                  {nameOf(row.key)} · {row.total.toLocaleString("en-GB")}
                  <VisuallyHidden>: {row.text}</VisuallyHidden>
                </Text>
                <PatternBar parts={row.parts} />
              </li>
            ))}
          </Stack>
          <Legend looks={prepared.looks} />
        </Stack>
      }
      table={<BreakdownTable title={title} prepared={prepared} nameOf={nameOf} />}
    />
  );
}

interface BreakdownTableProps {
  title: string;
  prepared: PreparedBreakdown;
  nameOf: (key: string) => ReactNode;
}

function BreakdownTable({ title, prepared, nameOf }: BreakdownTableProps) {
  const looks = prepared.looks.toReversed();
  return (
    <TableRegion label={`${title}, as a table`}>
      <Table fz="xs" verticalSpacing={3}>
        <VisuallyHidden component="caption">{title}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Value</Table.Th>
            {looks.map(({ key, label }) => (
              <Table.Th key={key} scope="col" ta="right">
                {label}
              </Table.Th>
            ))}
            <Table.Th scope="col" ta="right">
              all
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {prepared.rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Th scope="row" fw={400}>
                {nameOf(row.key)}
              </Table.Th>
              {looks.map(({ key }) => (
                <Table.Td key={key} ta="right">
                  {(row.parts.find(({ look }) => look.key === key)?.n ?? 0).toLocaleString("en-GB")}
                </Table.Td>
              ))}
              <Table.Td ta="right">{row.total.toLocaleString("en-GB")}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableRegion>
  );
}
