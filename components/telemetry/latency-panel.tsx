"use client";

import { Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import type { LatencyView } from "@/lib/telemetry/views";
import { Panel } from "./panel";
import { PartsBar } from "./parts-bar";
import { durationText, numberText } from "./words";

/** How long evaluation took. Counts are kept by bucket, so that a percentile is the upper bound of its bucket. */
export function LatencyPanel({ latency }: { latency: LatencyView }) {
  const seen = latency.buckets.filter(({ n }) => n > 0);
  const max = Math.max(...seen.map(({ n }) => n));
  return (
    <Panel
      title="Time to evaluate"
      aside={latency.n > 0 && `${numberText(latency.n)} decisions, without the commit`}
    >
      {latency.n === 0 ? (
        <Text size="sm" c="dimmed">
          None in this period.
        </Text>
      ) : (
        <>
          <Group gap="xl" mb="xs">
            <Percentile name="Half within" us={latency.p50Us} />
            <Percentile name="95 % within" us={latency.p95Us} />
            <Percentile name="99 % within" us={latency.p99Us} />
          </Group>
          <Table verticalSpacing={2} horizontalSpacing={6} fz="xs" withRowBorders={false}>
            <VisuallyHidden component="caption">Decisions by time to evaluate</VisuallyHidden>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Up to</Table.Th>
                <Table.Th scope="col" ta="right">
                  Decisions
                </Table.Th>
                <Table.Td w="50%" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {seen.map(({ upToUs, n }) => (
                <Table.Tr key={upToUs ?? "more"}>
                  <Table.Th scope="row" fw={400}>
                    {upToUs === null ? "more" : durationText(upToUs)}
                  </Table.Th>
                  <Table.Td ta="right">{numberText(n)}</Table.Td>
                  <Table.Td>
                    <PartsBar parts={{ gap: n }} max={max} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </Panel>
  );
}

function Percentile({ name, us }: { name: string; us: number | null }) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fw={600}>{us === null ? "–" : durationText(us)}</Text>
    </Stack>
  );
}
