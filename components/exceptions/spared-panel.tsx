"use client";

import { Group, Skeleton, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { ProblemAlert } from "@/components/ui/problem-alert";
import type { CountBy, SparedView } from "@/lib/exceptions/views";
import { getControl } from "@/lib/policy/catalogue";
import { besidesText, sparedText, withoutText } from "./words";

interface SparedPanelProps {
  spared: SparedView | undefined;
  error: unknown;
  onRetry: () => void;
  /** While another answer is on its way. */
  stale?: boolean;
}

/** What an exception would have spared: sentences first, then by control and workload. */
export function SparedPanel({ spared, error, onRetry, stale = false }: SparedPanelProps) {
  if (error && !spared) return <ProblemAlert error={error} onRetry={onRetry} />;
  if (!spared)
    return (
      <div role="status">
        <VisuallyHidden>Measuring what it would have spared</VisuallyHidden>
        <Skeleton height={64} />
      </div>
    );
  const [without, besides] = [withoutText(spared), besidesText(spared)];
  return (
    <Stack gap={6} role="status" aria-busy={stale} style={{ opacity: stale ? 0.6 : 1 }}>
      <Text size="sm">
        <b>{sparedText(spared)}</b> {without} {besides}
      </Text>
      {spared.spared > 0 && (
        <Group gap="xl" align="flex-start">
          <Counts title="By control" of={spared.byControl} nameOf={(id) => getControl(id)?.title ?? id} />
          <Counts title="By workload" of={spared.byWorkload} nameOf={(name) => name} />
        </Group>
      )}
    </Stack>
  );
}

const SHOWN = 5;

function Counts({
  title,
  of,
  nameOf,
}: {
  title: string;
  of: readonly CountBy[];
  nameOf: (key: string) => string;
}) {
  return (
    <div>
      <Table fz="xs" verticalSpacing={1} horizontalSpacing={6} withRowBorders={false} w="auto">
        <VisuallyHidden component="caption">
          Decisions that it would have spared, {title.toLowerCase()}
        </VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" pl={0}>
              {title}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              <VisuallyHidden>Decisions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.slice(0, SHOWN).map(({ key, n }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={400} pl={0}>
                {nameOf(key)}
              </Table.Th>
              <Table.Td ta="right">{n.toLocaleString("en-GB")}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {of.length > SHOWN && (
        <Text size="xs" c="dimmed">
          The largest {SHOWN} of {of.length}.
        </Text>
      )}
    </div>
  );
}
