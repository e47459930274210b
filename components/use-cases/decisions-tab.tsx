"use client";

import { Anchor, Group, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { DecisionTable } from "@/components/telemetry/decision-table";
import { decisionsHref } from "@/components/telemetry/filter";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table-region";
import type { DecisionListView } from "@/lib/telemetry/views";
import { count } from "./words";

/** The newest decisions of the use case; every filter is in the explorer. */
export function DecisionsTab({ slug, list }: { slug: string; list: DecisionListView }) {
  if (list.items.length === 0) {
    return (
      <EmptyState title="No decision in the last 7 days">
        As soon as a workload asks the decision point, its decisions stand here.
      </EmptyState>
    );
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm">
          The newest {list.items.length} of {list.of.exact ? "" : "at least "}
          {count(list.of.n)} decisions of the last 7 days.
        </Text>
        <Anchor component={Link} href={decisionsHref({ useCase: slug }, { period: "7d" })} size="sm">
          Open them in the explorer
        </Anchor>
      </Group>
      <TableRegion label="Newest decisions">
        <DecisionTable decisions={list.items} />
      </TableRegion>
    </Stack>
  );
}
