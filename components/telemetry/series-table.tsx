"use client";

import { ScrollArea, Table, VisuallyHidden } from "@mantine/core";
import { Time } from "@/components/ui/time";
import { OUTCOMES } from "@/lib/policy/vocabulary";
import type { SeriesView } from "@/lib/telemetry/views";
import { numberText, word } from "./words";

/** The figures of a series, newest first. */
export function SeriesTable({ title, series }: { title: string; series: SeriesView }) {
  return (
    <ScrollArea.Autosize
      mah={320}
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": `${title}, table` }}
    >
      <Table verticalSpacing={3} fz="xs" stickyHeader miw={520}>
        <VisuallyHidden component="caption">{title}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{series.bucket === "day" ? "Day (UTC)" : "Hour from"}</Table.Th>
            {[...OUTCOMES, "all"].map((outcome) => (
              <Table.Th key={outcome} scope="col" ta="right">
                {word(outcome)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {series.buckets.toReversed().map(({ at, counts, total }) => (
            <Table.Tr key={at}>
              <Table.Th scope="row" fw={400}>
                {series.bucket === "day" ? at.slice(0, 10) : <Time at={at} />}
              </Table.Th>
              {counts === null ? (
                <Table.Td colSpan={OUTCOMES.length + 1} ta="right">
                  no telemetry
                </Table.Td>
              ) : (
                [
                  ...OUTCOMES.map((outcome) => [outcome, counts[outcome]] as const),
                  ["all", total ?? 0] as const,
                ].map(([outcome, n]) => (
                  <Table.Td key={outcome} ta="right">
                    {numberText(n)}
                  </Table.Td>
                ))
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
