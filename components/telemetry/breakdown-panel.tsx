"use client";

import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import Link from "next/link";
import { TableRegion } from "@/components/ui/table-region";
import type { BreakdownRow, BreakdownView } from "@/lib/telemetry/views";
import { decisionsHref, type FilterName, type FilterValues, type Window } from "./filter";
import { Panel } from "./panel";
import { orderedParts, PartsBar } from "./parts-bar";
import { controlTitle, numberText, word } from "./words";

const FILTER_OF: Record<string, FilterName> = {
  control: "control",
  workload: "workload",
  model: "model",
  tool: "tool",
  data_class: "dataClass",
};

interface BreakdownPanelProps {
  title: string;
  /** What a row is called, such as `model`, and what is counted in it. */
  noun: string;
  counted: string;
  breakdown: BreakdownView;
  /** The filters and the window that the rows' links keep. */
  filters: FilterValues;
  window: Window;
}

/** The largest values of a dimension, with their parts by outcome or effect; each opens its decisions. */
export function BreakdownPanel({ title, noun, counted, breakdown, filters, window }: BreakdownPanelProps) {
  const { rows, of } = breakdown;
  const max = rows[0]?.total ?? 0;
  return (
    <Panel title={title} aside={of > 0 && `${numberText(rows.length)} of ${numberText(of)}`}>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          None in this period.
        </Text>
      ) : (
        <TableRegion label={`Table ${title.toLowerCase()}`}>
          <Table verticalSpacing={3} horizontalSpacing={6} fz="xs" withRowBorders={false}>
            <VisuallyHidden component="caption">{title}</VisuallyHidden>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{noun}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {counted}
                </Table.Th>
                <Table.Th scope="col" w="40%">
                  By {breakdown.partsBy === "wouldBe" ? "would-be outcome" : breakdown.partsBy}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Row
                  key={row.key}
                  row={row}
                  max={max}
                  name={breakdown.dimension === "control" ? controlTitle(row.key) : word(row.key)}
                  href={decisionsHref(
                    { ...filters, [FILTER_OF[breakdown.dimension] ?? "control"]: row.key },
                    window,
                  )}
                />
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      )}
    </Panel>
  );
}

function Row({ row, max, name, href }: { row: BreakdownRow; max: number; name: string; href: string }) {
  const parts = orderedParts(row.parts);
  const told = parts.length > 1 ? parts.filter(({ part }) => part !== "allow") : [];
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} maw={170}>
        <Anchor component={Link} href={href} prefetch={false} fz="xs" truncate display="block" title={name}>
          {name}
        </Anchor>
      </Table.Th>
      <Table.Td ta="right">{numberText(row.total)}</Table.Td>
      <Table.Td>
        <PartsBar parts={row.parts} max={max} />
        {told.length > 0 && (
          <Text fz={11} lh={1.3} c="dimmed">
            {told.map(({ part, n }) => `${word(part)} ${numberText(n)}`).join(", ")}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
