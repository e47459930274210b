"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Page } from "@/lib/schema";
import { ProblemAlert } from "./problem-alert";
import { TableRegion } from "./table-region";

interface PagedListProps<T> {
  /** What the list holds, such as `exceptions`. */
  noun: string;
  page: Page<T> | undefined;
  error: unknown;
  onRetry: () => void;
  /** The cursor in the address, when not on the first page. */
  cursor: string | null;
  onCursor: (cursor: string | null) => void;
  /** Beside the count, such as the export. */
  actions?: ReactNode;
  /** What to show when the filter lets nothing through. */
  empty: ReactNode;
  children: ReactNode;
}

/** A keyset-paged list: its count in words, its trouble (over the last good rows), its rows, its paging. */
export function PagedList<T>({
  noun,
  page,
  error,
  onRetry,
  cursor,
  onCursor,
  actions,
  empty,
  children,
}: PagedListProps<T>) {
  const shown = page?.items.length ?? 0;
  return (
    <Stack gap="xs">
      {error !== null && error !== undefined && <ProblemAlert error={error} onRetry={onRetry} />}
      <Group justify="space-between" gap="xs" mih={22}>
        <Text size="sm" c="dimmed" role="status">
          {page && countText(shown, page.total, noun)}
        </Text>
        {actions}
      </Group>
      {page && (shown === 0 ? empty : <TableRegion label={`Table of ${noun}`}>{children}</TableRegion>)}
      {(cursor || page?.nextCursor) && (
        <Group gap="xs" className="no-print">
          <Button size="compact-sm" variant="default" disabled={!cursor} onClick={() => onCursor(null)}>
            First page
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={!page?.nextCursor}
            onClick={() => onCursor(page?.nextCursor ?? null)}
          >
            Next page
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function singular(nouns: string): string {
  if (nouns === "people") return "person";
  return nouns.endsWith("ies") ? nouns.replace(/ies$/, "y") : nouns.replace(/s$/, "");
}

function countText(shown: number, total: number, noun: string): string {
  const all = `${total.toLocaleString("en-GB")} ${total === 1 ? singular(noun) : noun}`;
  return total > shown ? `${shown} of ${all}` : all;
}
