"use client";

import { Anchor, Button, Code, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { AuditEntryView } from "@/lib/audit/views";
import type { Page } from "@/lib/schema";
import { type EntryChoices, EntryFilters } from "./entry-filters";
import { subjectHref, subjectText } from "./words";

interface EntryRegisterProps {
  initial: Page<AuditEntryView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  choices: EntryChoices;
}

/** The log, newest first. */
export function EntryRegister({ initial, initialQuery, choices }: EntryRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["audit", query],
    queryFn: () => fetched(api.audit.entries.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <EntryFilters params={params} change={change} choices={choices} />
      <PagedList
        noun="entries"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        actions={page && <Export params={params} total={page.total} />}
        empty={<EmptyState title="No entry fits this filter" />}
      >
        <EntryTable entries={page?.items ?? []} useCases={choices.useCases} />
      </PagedList>
    </>
  );
}

/** Exactly the filter, all of it, with how many that are. */
function Export({ params, total }: { params: URLSearchParams; total: number }) {
  const filter = new URLSearchParams(params);
  filter.delete("cursor");
  filter.delete("limit");
  const count = total === 1 ? "1 entry" : `all ${total.toLocaleString("en-GB")} entries`;
  return (
    <Button
      component="a"
      href={`/api/v1/audit/entries.csv?${filter}`}
      download
      size="compact-xs"
      variant="default"
    >
      Export {count} as CSV
    </Button>
  );
}

interface EntryTableProps {
  entries: AuditEntryView[];
  useCases: EntryChoices["useCases"];
}

function EntryTable({ entries, useCases }: EntryTableProps) {
  const names = new Map(useCases.map(({ slug, name }) => [slug, name]));
  return (
    <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1080}>
      <VisuallyHidden component="caption">Audit entries, newest first</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {["No.", "When", "Action", "Who", "Subject", "Use case", "Reason"].map((name) => (
            <Table.Th key={name} scope="col">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.number}>
            <Table.Th scope="row" fw={600}>
              <Anchor component={Link} href={`/audit/${entry.number}`} size="sm" prefetch={false}>
                {entry.number}
              </Anchor>
            </Table.Th>
            <Table.Td>
              <Time at={entry.at} />
            </Table.Td>
            <Table.Td>
              <Code style={{ whiteSpace: "nowrap" }}>{entry.action}</Code>
            </Table.Td>
            <Table.Td style={{ whiteSpace: "nowrap" }}>
              {entry.actor.name}
              {["job", "workload"].includes(entry.actor.kind) && ` (${entry.actor.kind})`}
            </Table.Td>
            <Table.Td>
              <Subject subject={entry.subject} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" truncate maw={180} title={entry.useCase ?? undefined}>
                {entry.useCase === null ? "–" : (names.get(entry.useCase) ?? entry.useCase)}
              </Text>
            </Table.Td>
            <Table.Td miw={160} w="100%" style={{ maxWidth: 0 }}>
              <Text size="sm" truncate title={entry.reason ?? undefined}>
                {entry.reason ?? "–"}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Subject({ subject }: { subject: AuditEntryView["subject"] }) {
  const href = subjectHref(subject);
  return (
    <Text size="sm" truncate maw={180} title={subject.id}>
      {href ? (
        <Anchor component={Link} href={href} size="sm" prefetch={false}>
          {subjectText(subject)}
        </Anchor>
      ) : (
        subjectText(subject)
      )}
    </Text>
  );
}
