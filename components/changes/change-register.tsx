"use client";

import { Anchor, Button, Chip, Group, Select, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { SearchInput } from "@/components/ui/search-input";
import { SetFilters, sinceText } from "@/components/ui/set-filters";
import { Time } from "@/components/ui/time";
import { type Changes, useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import { CHANGE_STATUSES } from "@/lib/changes/lifecycle";
import type { ChangeSummary } from "@/lib/changes/views";
import type { Page } from "@/lib/schema";

interface ChangeRegisterProps {
  initial: Page<ChangeSummary>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  mayPropose: boolean;
  useCases: { slug: string; name: string }[];
}

/** Filters that figures lead here with. */
const BY_LINK = {
  decidedSince: (at: string) => `Decided since ${sinceText(at)}`,
  since: (at: string) => `Submitted or closed since ${sinceText(at)}`,
  waitingDays: (days: string) => `In review for over ${days} days`,
  direction: (direction: string) => `Direction: ${direction}`,
  emergency: (kind: string) => (kind === "any" ? "Emergencies" : kind.replaceAll("_", " ")),
};

/** Every change of a policy: what waits, what went in, what did not. */
export function ChangeRegister({ initial, initialQuery, mayPropose, useCases }: ChangeRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["changes", query],
    queryFn: () => fetched(api.changes.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <Filters params={params} change={change} useCases={useCases} />
      <SetFilters params={params} change={change} words={BY_LINK} />
      <PagedList
        noun="changes"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={<NoChanges filtered={query !== ""} mayPropose={mayPropose} />}
      >
        <ChangeTable changes={page?.items ?? []} />
      </PagedList>
    </>
  );
}

function NoChanges({ filtered, mayPropose }: { filtered: boolean; mayPropose: boolean }) {
  return filtered ? (
    <EmptyState
      title="No change fits this filter"
      action={
        <Button component={Link} href="/changes" variant="default" size="xs">
          Show all changes
        </Button>
      }
    />
  ) : (
    <EmptyState
      title="No change has been requested"
      action={
        mayPropose && (
          <Button component={Link} href="/changes/new" size="xs">
            Propose a change
          </Button>
        )
      }
    >
      A policy changes only by a change request: from here, or from the page of its use case.
    </EmptyState>
  );
}

const STATUSES = [
  { value: "open", label: "open (draft, in review, approved)" },
  ...CHANGE_STATUSES.map((value) => ({ value, label: value.replaceAll("_", " ") })),
];

function Filters({
  params,
  change,
  useCases,
}: {
  params: URLSearchParams;
  change: (changes: Changes) => void;
  useCases: ChangeRegisterProps["useCases"];
}) {
  return (
    <Group gap="xs" mb="xs" align="flex-end" className="no-print">
      <SearchInput
        placeholder="CHG-12, words of the justification"
        value={params.get("q") ?? ""}
        onChange={(q) => change({ q })}
      />
      <Select
        label="Status"
        placeholder="Any"
        size="xs"
        w={230}
        clearable
        data={STATUSES}
        value={params.get("status")}
        onChange={(status) => change({ status })}
      />
      <Select
        label="Use case"
        placeholder="Any"
        size="xs"
        w={210}
        clearable
        searchable
        data={useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
        value={params.get("useCase")}
        onChange={(useCase) => change({ useCase })}
      />
      <Group gap={6} h={30}>
        <Chip
          size="xs"
          checked={params.get("mine") === "true"}
          onChange={(on) => change({ mine: on ? "true" : null })}
        >
          Mine
        </Chip>
      </Group>
    </Group>
  );
}

const COLUMNS = [
  "Change",
  "Status",
  "Use case",
  "Direction",
  "Stage",
  "Justification",
  "Requested by",
  "Since",
];

function ChangeTable({ changes }: { changes: ChangeSummary[] }) {
  return (
    <Table verticalSpacing={5} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1020}>
      <VisuallyHidden component="caption">Change requests, newest first</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {COLUMNS.map((name) => (
            <Table.Th key={name} scope="col">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map((change) => (
          <ChangeRow key={change.id} change={change} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ChangeRow({ change }: { change: ChangeSummary }) {
  const { ref, status, subject, direction, stage, justification, requestedBy } = change;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        <Anchor component={Link} href={`/changes/${ref}`} size="sm" style={{ whiteSpace: "nowrap" }}>
          {ref}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <WordBadge word={status} />
          {change.conflicted && <WordBadge word="conflicted" />}
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={190} title={subject.title}>
          {subject.title}
        </Text>
      </Table.Td>
      <Table.Td>
        <WordBadge word={direction} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {stage && (stage.from === stage.to ? stage.to : `${stage.from} → ${stage.to}`)}
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={280} title={justification}>
          {justification}
        </Text>
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{requestedBy?.name ?? "a safeguard"}</Table.Td>
      <Table.Td>
        <Time at={change.submittedAt ?? change.createdAt} dateOnly />
      </Table.Td>
    </Table.Tr>
  );
}
