"use client";

import { Button, Group, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { LinkButton } from "@/components/ui/links";
import { PagedList } from "@/components/ui/paged-list";
import type { DriftListView, DriftRow } from "@/lib/drift/views";
import { declareHref } from "./answers";
import { MarkDialog } from "./dialogs";
import { DriftTable } from "./drift-table";

interface DriftListProps {
  list: DriftListView | undefined;
  error: unknown;
  onRetry: () => void;
  days: number;
  withUseCase: boolean;
  cursor: string | null;
  onCursor: (cursor: string | null) => void;
  /** Beside the count, such as the export. */
  actions?: ReactNode;
  empty: ReactNode;
}

/** A page of undeclared values, of which some can be chosen to go into one change. */
export function DriftList({
  list,
  error,
  onRetry,
  days,
  withUseCase,
  cursor,
  onCursor,
  actions,
  empty,
}: DriftListProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [marking, setMarking] = useState<DriftRow | null>(null);
  const rows = list?.items ?? [];
  const picked = rows.filter(({ key }) => chosen.has(key));
  const choose = (some: readonly DriftRow[], on: boolean) => {
    const keys = new Set(some.map(({ key }) => key));
    setChosen(new Set(on ? [...chosen, ...keys] : [...chosen].filter((key) => !keys.has(key))));
  };
  return (
    <>
      <PagedList
        noun="undeclared values"
        page={list}
        error={error}
        onRetry={onRetry}
        cursor={cursor}
        onCursor={onCursor}
        actions={
          <Group gap="xs" className="no-print">
            {picked.length > 0 && <Chosen rows={picked} onClear={() => setChosen(new Set())} />}
            {actions}
          </Group>
        }
        empty={empty}
      >
        <DriftTable
          rows={rows}
          days={days}
          withUseCase={withUseCase}
          chosen={chosen}
          onChoose={choose}
          onMark={setMarking}
        />
      </PagedList>
      {marking && <MarkDialog row={marking} onClose={() => setMarking(null)} />}
    </>
  );
}

/** What was chosen goes into one change, which is of one use case. */
function Chosen({ rows, onClear }: { rows: readonly DriftRow[]; onClear: () => void }) {
  const [first] = rows;
  const isOne = rows.every(({ useCase }) => useCase.id === first?.useCase.id);
  return (
    <>
      {first && isOne ? (
        <LinkButton href={declareHref(first.useCase.slug, rows)} size="compact-sm">
          Declare {rows.length} in one change of {first.useCase.name}
        </LinkButton>
      ) : (
        <Text size="sm" role="status">
          A change is of one use case: choose rows of one.
        </Text>
      )}
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        Choose none
      </Button>
    </>
  );
}
