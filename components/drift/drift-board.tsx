"use client";

import { Button, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { DriftState } from "@/lib/drift/lifecycle";
import { USUAL_DAYS } from "@/lib/drift/schema";
import type { DriftListView, IncidentView } from "@/lib/drift/views";
import type { Page } from "@/lib/schema";
import { DriftFilters } from "./drift-filters";
import { DriftList } from "./drift-list";
import { driftQuery } from "./filter";
import { IncidentsSection } from "./incidents-section";
import { dimensionWord } from "./words";

interface DriftBoardProps {
  /** Null when the address asks for what cannot be answered. */
  initial: { drift: DriftListView; incidents: Page<IncidentView> } | null;
  /** The query text that `initial` answers. */
  initialQuery: string;
  useCases: { slug: string; name: string }[];
}

/** What traffic shows and no policy declares, for one of three answers; and what was marked as an incident. */
export function DriftBoard({ initial, initialQuery, useCases }: DriftBoardProps) {
  const [params, change] = useUrlFilter();
  const isFirst = initial !== null && params.toString() === initialQuery;
  const asked = driftQuery(params);
  const drift = useQuery({
    queryKey: ["drift", asked],
    queryFn: () => fetched(api.drift.$get({ query: asked })),
    placeholderData: keepPreviousData,
    ...(isFirst ? { initialData: initial.drift } : {}),
  });
  const list = useLastGood(drift.data);
  const state = (asked.state ?? "waiting") as DriftState;
  return (
    <Stack gap="lg">
      <section aria-label="Queue">
        <DriftFilters params={params} change={change} useCases={useCases} list={list} state={state} />
        <DriftList
          list={list}
          error={drift.error}
          onRetry={() => drift.refetch()}
          days={Number(asked.days ?? USUAL_DAYS)}
          withUseCase
          cursor={params.get("cursor")}
          onCursor={(cursor) => change({ cursor })}
          actions={
            list &&
            list.total > 0 && (
              <Button component="a" href={exportHref(asked)} download size="compact-sm" variant="default">
                Export {list.total === 1 ? "it" : `all ${list.total.toLocaleString("en-GB")}`} as CSV
              </Button>
            )
          }
          empty={<Nothing state={state} isFiltered={params.size > 0} />}
        />
        {list && <NotBaselined list={list} />}
      </section>
      <IncidentsSection params={params} change={change} initial={isFirst ? initial.incidents : null} />
    </Stack>
  );
}

function exportHref({ cursor: _, ...filter }: Record<string, string>): string {
  return `/api/v1/drift.csv?${new URLSearchParams(filter)}`;
}

function Nothing({ state, isFiltered }: { state: DriftState; isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        title={
          state === "waiting"
            ? "Nothing in the queue fits this filter"
            : "Nothing stands so under this filter"
        }
        action={
          <LinkButton href="/telemetry/drift" variant="default">
            Show the whole queue
          </LinkButton>
        }
      />
    );
  }
  return (
    <EmptyState title="Nothing drifts">
      Everything that traffic showed in the last 30 days is declared, covered by an exception or looked into
      as an incident. What is not baselined yet cannot drift.
    </EmptyState>
  );
}

const SHOWN = 5;

/** Where nothing is declared, nothing drifts: said, so that silence is not taken for order. */
function NotBaselined({ list: { notBaselined } }: { list: DriftListView }) {
  if (notBaselined.length === 0) return null;
  const shown = notBaselined.slice(0, SHOWN);
  const of = notBaselined.length > SHOWN ? ` (${SHOWN} of ${notBaselined.length})` : "";
  return (
    <Text size="xs" mt="xs" component="div">
      Not yet baselined, so that nothing drifts there{of}:{" "}
      {shown.map(({ useCase, dimensions }, index) => (
        <span key={useCase.id}>
          {index > 0 && "; "}
          <LinkAnchor href={`/use-cases/${useCase.slug}?tab=baseline`} underline="always" fz="xs">
            {useCase.name}
          </LinkAnchor>{" "}
          ({dimensions.map((dimension) => dimensionWord(dimension)).join(", ")})
        </span>
      ))}
      .
    </Text>
  );
}
