"use client";

import { Anchor, Button, Chip, Group, Select, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { SearchInput } from "@/components/ui/search-input";
import { type Changes, useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import { ENVIRONMENTS, TIERS } from "@/lib/policy/vocabulary";
import type { Page } from "@/lib/schema";
import type { UseCaseSummary as Traffic } from "@/lib/telemetry/views";
import type { UseCaseSummary } from "@/lib/use-cases/views";
import { rateText } from "./words";

interface UseCaseRegisterProps {
  initial: Page<UseCaseSummary>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  /** The last 7 days, by id of the use case. */
  traffic: Record<string, Traffic>;
  mayCreate: boolean;
}

/** What do we run, who owns it, how far is it? */
export function UseCaseRegister({ initial, initialQuery, traffic, mayCreate }: UseCaseRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["use-cases", query],
    queryFn: () => fetched(api["use-cases"].$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <Filters params={params} change={change} />
      <PagedList
        noun="use cases"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={<NoUseCases filtered={query !== ""} mayCreate={mayCreate} />}
      >
        <UseCaseTable useCases={page?.items ?? []} traffic={traffic} />
      </PagedList>
    </>
  );
}

function NoUseCases({ filtered, mayCreate }: { filtered: boolean; mayCreate: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        title="No use case fits this filter"
        action={
          <Button component={Link} href="/use-cases" variant="default" size="xs">
            Show all use cases
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      title="Nothing is governed yet"
      action={
        mayCreate && (
          <Button component={Link} href="/use-cases/new" size="xs">
            Create a use case
          </Button>
        )
      }
    >
      A use case is a GenAI application with its owners, its policy and its workloads.
      {!mayCreate && " A security lead or a risk owner creates it."}
    </EmptyState>
  );
}

function Filters({ params, change }: { params: URLSearchParams; change: (changes: Changes) => void }) {
  const select = (name: string, words: readonly string[]) => ({
    placeholder: "Any",
    size: "xs" as const,
    w: 150,
    clearable: true,
    data: [...words],
    value: params.get(name),
    onChange: (value: string | null) => change({ [name]: value }),
  });
  return (
    <Group gap="xs" mb="xs" align="flex-end" className="no-print">
      <SearchInput
        placeholder="Name or risk owner"
        value={params.get("q") ?? ""}
        onChange={(q) => change({ q })}
      />
      <Select label="Tier" {...select("tier", TIERS)} />
      <Select label="Environment" {...select("environment", ENVIRONMENTS)} />
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

const COLUMNS = ["Use case", "Tier", "Stage", "Version", "Would block, 7 days", "Exceptions", "Changes"];
const OWNERS = ["Risk owner", "Application owners", "Data class", "Environment"];

function UseCaseTable({
  useCases,
  traffic,
}: {
  useCases: UseCaseSummary[];
  traffic: Record<string, Traffic>;
}) {
  return (
    <Table verticalSpacing={5} horizontalSpacing="xs" highlightOnHover fz="sm" miw={1040}>
      <VisuallyHidden component="caption">
        Use cases with their owners, tier, stage and open matters
      </VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {COLUMNS.map((name, index) => (
            <Table.Th key={name} scope="col" ta={index > 2 ? "right" : "left"}>
              {name}
            </Table.Th>
          ))}
          {OWNERS.map((name) => (
            <Table.Th key={name} scope="col">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {useCases.map((useCase) => (
          <UseCaseRow key={useCase.id} useCase={useCase} traffic={traffic[useCase.id] ?? null} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function UseCaseRow({ useCase, traffic }: { useCase: UseCaseSummary; traffic: Traffic | null }) {
  const owners = useCase.applicationOwners.map(({ name }) => name).join(", ");
  const at = `/use-cases/${useCase.slug}`;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        <Anchor component={Link} href={at} size="sm" truncate display="block" maw={220} title={useCase.name}>
          {useCase.name}
        </Anchor>
      </Table.Th>
      <Table.Td>
        <WordBadge word={useCase.tier} />
      </Table.Td>
      <Table.Td>
        <WordBadge word={useCase.policy.stage} />
      </Table.Td>
      <Table.Td ta="right">{useCase.policy.version}</Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {rateText(traffic)}
      </Table.Td>
      <Table.Td ta="right">{useCase.openExceptions}</Table.Td>
      <Table.Td ta="right">{useCase.openChanges}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{useCase.riskOwner.name}</Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={180} title={owners}>
          {owners || "none"}
        </Text>
      </Table.Td>
      <Table.Td>{useCase.dataClass}</Table.Td>
      <Table.Td>{useCase.environment}</Table.Td>
    </Table.Tr>
  );
}
