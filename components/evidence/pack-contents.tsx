"use client";

import { Code, Loader, Table, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { TableRegion } from "@/components/ui/table-region";
import type { PackContentsView } from "@/lib/evidence/views";
import { sizeText } from "./words";

/** Counts and files of a finished pack, from its own manifest. */
export function PackContents({ id }: { id: string }) {
  const contents = useQuery({
    queryKey: ["packs", "contents", id],
    queryFn: () => fetched(api.evidence.packs[":id"].contents.$get({ param: { id } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (contents.error) return <ProblemAlert error={contents.error} onRetry={() => contents.refetch()} />;
  if (!contents.data) return <Loader size="sm" aria-label="Reading what is inside" />;
  const { counts, files, keyId } = contents.data;
  return (
    <>
      <Text size="sm">
        {countsText(counts)} Signed by key <Code>{keyId}</Code>.
      </Text>
      <TableRegion label="Table of files in the pack">
        <Table fz="sm" verticalSpacing={3} w="auto">
          <VisuallyHidden component="caption">Files in the pack</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">File</Table.Th>
              <Table.Th scope="col" ta="right">
                Unpacked
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {files.map(({ path, bytes }) => (
              <Table.Tr key={path}>
                <Table.Td>
                  <Code>{path}</Code>
                </Table.Td>
                <Table.Td ta="right">{sizeText(bytes)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableRegion>
    </>
  );
}

function countsText(counts: PackContentsView["counts"]): string {
  const n = (count: number, one: string, many: string) =>
    `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
  const outcomes = Object.entries(counts.byOutcome)
    .map(([outcome, count]) => `${count.toLocaleString("en-GB")} ${outcome.replaceAll("_", " ")}`)
    .join(", ");
  return [
    `${n(counts.decisions, "decision", "decisions")}${outcomes ? ` (${outcomes})` : ""} in ${n(counts.batches, "batch", "batches")},`,
    `${n(counts.policies, "policy version", "policy versions")},`,
    `${n(counts.changes, "change", "changes")},`,
    `${n(counts.exceptions, "exception", "exceptions")},`,
    ...("rulings" in counts
      ? [
          `${n(counts.rulings, "ruling", "rulings")}, ${n(counts.appeals, "appeal", "appeals")},`,
          `${n(counts["held-requests"], "held request", "held requests")}, ${n(counts.incidents, "incident", "incidents")},`,
        ]
      : []),
    `${n(counts.auditEntries, "audit entry", "audit entries")}.`,
  ].join(" ");
}
