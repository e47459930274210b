"use client";

import { Anchor, Button, Group, Table, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { SetFilters, sinceText } from "@/components/ui/set-filters";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { ExceptionSummary } from "@/lib/exceptions/views";
import { leftText } from "@/lib/policy/time-left";
import type { Page } from "@/lib/schema";
import { ExceptionBadges } from "./exception-badges";
import { type FilterChoices, RegisterFilters } from "./register-filters";
import { StartCampaign } from "./start-campaign";
import { scopeText } from "./words";

interface ExceptionRegisterProps {
  initial: Page<ExceptionSummary>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  choices: FilterChoices;
  mayRequest: boolean;
  /** May the viewer start a campaign of reviews? */
  mayStart: boolean;
}

/** Filters that figures lead here with. */
const BY_LINK = {
  decidedSince: (at: string) => `Decided since ${sinceText(at)}`,
  waitingDays: (days: string) => `Submitted over ${days} days ago`,
  minAgeDays: (days: string) => `For ${days} days or more`,
  underAgeDays: (days: string) => `For less than ${days} days`,
};

/** What we have let pass, for whom, until when. */
export function ExceptionRegister({
  initial,
  initialQuery,
  choices,
  mayRequest,
  mayStart,
}: ExceptionRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["exceptions", query],
    queryFn: () => fetched(api.exceptions.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <RegisterFilters params={params} change={change} choices={choices} />
      <SetFilters params={params} change={change} words={BY_LINK} />
      <PagedList
        noun="exceptions"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        actions={
          page &&
          page.total > 0 && (
            <Group gap="xs" className="no-print">
              {mayStart && <StartCampaign filter={filterOf(params)} />}
              <Button component="a" href={exportHref(params)} download size="compact-sm" variant="default">
                Export all {page.total.toLocaleString("en-GB")} as CSV
              </Button>
            </Group>
          )
        }
        empty={
          query ? (
            <EmptyState
              title="No exception fits this filter"
              action={
                <Button component={Link} href="/exceptions" variant="default" size="xs">
                  Show all exceptions
                </Button>
              }
            />
          ) : (
            <EmptyState
              title="Nothing is let pass"
              action={
                mayRequest && (
                  <Button component={Link} href="/exceptions/new" size="xs">
                    Request an exception
                  </Button>
                )
              }
            >
              An exception spares named controls for a limited time, with an owner of its risk. None has been
              requested so far.
            </EmptyState>
          )
        }
      >
        <ExceptionTable
          exceptions={page?.items ?? []}
          sort={params.get("sort") ?? "-ref"}
          onSort={(sort) => change({ sort: sort === "-ref" ? null : sort })}
        />
      </PagedList>
    </>
  );
}

/** Exactly the filter of the address, all of it. */
function exportHref(params: URLSearchParams): string {
  const all = new URLSearchParams(params);
  for (const name of ["cursor", "limit"]) all.delete(name);
  return `/api/v1/exceptions.csv${all.size > 0 ? `?${all}` : ""}`;
}

function filterOf(params: URLSearchParams): Record<string, string> {
  const { cursor: _, limit: __, sort: ___, ...filter } = Object.fromEntries(params);
  return filter;
}

const COLUMNS: readonly { name: string; sort?: string; right?: boolean }[] = [
  { name: "Exception", sort: "ref" },
  { name: "State" },
  { name: "Expires", sort: "expires" },
  { name: "Age", sort: "age", right: true },
  { name: "Use case", sort: "use-case" },
  { name: "Controls" },
  { name: "Only for" },
  { name: "Spared", sort: "used", right: true },
  { name: "Last used", sort: "last-used" },
  { name: "Risk owner", sort: "owner" },
];

interface ExceptionTableProps {
  exceptions: ExceptionSummary[];
  sort: string;
  onSort: (sort: string) => void;
}

function ExceptionTable({ exceptions, sort, onSort }: ExceptionTableProps) {
  return (
    <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1080}>
      <VisuallyHidden component="caption">Exceptions with their scope, state and owners</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {COLUMNS.map((column) => (
            <Heading key={column.name} column={column} sort={sort} onSort={onSort} />
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {exceptions.map((exception) => (
          <ExceptionRow key={exception.id} exception={exception} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The heading of a column; those by which the register sorts are buttons that turn the order. */
function Heading({
  column: { name, sort: key, right },
  sort,
  onSort,
}: {
  column: (typeof COLUMNS)[number];
  sort: string;
  onSort: (sort: string) => void;
}) {
  const [up, down] = [sort === key, sort === `-${key}`];
  const order = up ? "ascending" : down ? "descending" : undefined;
  return (
    <Table.Th
      scope="col"
      ta={right ? "right" : "left"}
      style={{ whiteSpace: "nowrap" }}
      {...(order ? { "aria-sort": order } : {})}
    >
      {key ? (
        <UnstyledButton
          fz="sm"
          fw={700}
          onClick={() => onSort(down ? key : up ? `-${key}` : firstOrder(key))}
        >
          {name} {up ? "▲" : down ? "▼" : ""}
        </UnstyledButton>
      ) : (
        name
      )}
    </Table.Th>
  );
}

/** Names and days come first from the beginning, counts and references from the end. */
function firstOrder(key: string): string {
  return ["expires", "use-case", "owner"].includes(key) ? key : `-${key}`;
}

function ExceptionRow({ exception }: { exception: ExceptionSummary }) {
  const { ref, useCase, controls, scope, broad, expiresAt, hoursLeft, ageDays, used, lastUsedAt, riskOwner } =
    exception;
  const titles = controls.map(({ title }) => title).join(", ");
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        <Anchor component={Link} href={`/exceptions/${ref}`} size="sm" style={{ whiteSpace: "nowrap" }}>
          {ref}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <ExceptionBadges exception={{ ...exception, broad: false }} />
        </Group>
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Time at={expiresAt} dateOnly />
        {hoursLeft === null ? "" : `, ${leftText(hoursLeft)}`}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {ageDays === null ? "–" : `${ageDays} d`}
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={150} title={useCase.name}>
          {useCase.name}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={160} title={titles}>
          {titles}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={160} title={scopeText(scope) ?? undefined}>
          {broad ? "the whole use case (broad)" : scopeText(scope)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{used.toLocaleString("en-GB")}</Table.Td>
      <Table.Td>{lastUsedAt ? <Time at={lastUsedAt} dateOnly /> : "–"}</Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={110} title={riskOwner.name}>
          {riskOwner.name}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
