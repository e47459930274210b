"use client";

import { Group, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { plural } from "@/components/telemetry/words";
import { LinkAnchor } from "@/components/ui/links";
import { useLastGood } from "@/components/ui/use-url-filter";
import { USUAL_DAYS } from "@/lib/drift/schema";
import type { DriftListView } from "@/lib/drift/views";
import { DriftList } from "./drift-list";

/** Rows on the page of a use case; the rest stands on the page of drift. */
const SECTION_ROWS = 10;

/** What of one use case's traffic is not declared, for one of three answers. */
export function DriftSection({ slug, initial }: { slug: string; initial: DriftListView }) {
  const query = { useCase: slug, limit: String(SECTION_ROWS) };
  const drift = useQuery({
    queryKey: ["drift", query],
    queryFn: () => fetched(api.drift.$get({ query })),
    initialData: initial,
  });
  const list = useLastGood(drift.data) ?? initial;
  return (
    <Paper withBorder p="sm" component="section" aria-label="Drift">
      <Group justify="space-between" gap="xs" mb={4}>
        <Title order={2} size="h5">
          Drift
        </Title>
        <LinkAnchor href={`/telemetry/drift?useCase=${slug}`}>
          {list.total > list.items.length ? "All of the queue" : "The queue"} and incidents
        </LinkAnchor>
      </Group>
      <DriftList
        list={list}
        error={drift.error}
        onRetry={() => drift.refetch()}
        days={USUAL_DAYS}
        withUseCase={false}
        cursor={null}
        onCursor={() => {}}
        empty={<Text size="sm">Nothing waits for an answer. {othersText(list)}</Text>}
      />
      {list.total > 0 && othersText(list) !== "" && (
        <Text size="xs" c="dimmed" mt={4}>
          Besides: {othersText(list)}
        </Text>
      )}
    </Paper>
  );
}

/** How many stand in each other state, in words; nothing for none. */
function othersText({ counts }: DriftListView): string {
  const parts = [
    counts.covered > 0 && `${plural(counts.covered, "value")} covered by exceptions`,
    counts.incident > 0 && `${plural(counts.incident, "open incident")}`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(", ")}.` : "";
}
