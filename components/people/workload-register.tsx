"use client";

import { Anchor, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { SearchInput } from "@/components/ui/search-input";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { Page } from "@/lib/schema";
import type { CredentialView, WorkloadView } from "@/lib/workloads/views";

import { CredentialBadge, timeLeft } from "./credential-badge";

interface WorkloadRegisterProps {
  initial: Page<WorkloadView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  now: string;
}

/** Workloads with every credential that still counts or ended; a workload without one has a line too. */
export function WorkloadRegister({ initial, initialQuery, now }: WorkloadRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["workloads", query],
    queryFn: () => fetched(api.workloads.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <Group mb="xs" className="no-print">
        <SearchInput
          placeholder="Name of a workload"
          value={params.get("q") ?? ""}
          onChange={(q) => change({ q })}
        />
      </Group>
      <PagedList
        noun="workloads"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={
          <EmptyState title={query ? "No workload fits this filter" : "No workload is registered"}>
            A workload is registered on the page of the use case that it serves, under Workloads.
          </EmptyState>
        }
      >
        <Table verticalSpacing={5} horizontalSpacing="xs" highlightOnHover fz="sm" miw={900}>
          <VisuallyHidden component="caption">Workloads and their credentials</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Workload", "Serves", "Credential", "Kind", "State", "Issued", "Expires", "Issuers"].map(
                (name) => (
                  <Table.Th key={name} scope="col">
                    {name}
                  </Table.Th>
                ),
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {page?.items.flatMap((workload) =>
              (workload.credentials.length > 0 ? workload.credentials : [null]).map((credential, index) => (
                <WorkloadRow
                  key={credential?.id ?? workload.id}
                  workload={workload}
                  credential={credential}
                  first={index === 0}
                  now={now}
                />
              )),
            )}
          </Table.Tbody>
        </Table>
      </PagedList>
    </>
  );
}

interface RowProps {
  workload: WorkloadView;
  credential: CredentialView | null;
  /** The first line of its workload, which names it. */
  first: boolean;
  now: string;
}

function WorkloadRow({ workload, credential, first, now }: RowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {first ? (
          <Anchor component={Link} href={`/people/workloads/${workload.slug}`} size="sm" fw={600}>
            {workload.name}
          </Anchor>
        ) : (
          <VisuallyHidden>{workload.name}</VisuallyHidden>
        )}
      </Table.Th>
      <Table.Td>
        {first &&
          workload.useCases.map(({ slug, name }, index) => (
            <span key={slug}>
              {index > 0 && ", "}
              <Anchor component={Link} href={`/use-cases/${slug}`} size="sm">
                {name}
              </Anchor>
            </span>
          ))}
      </Table.Td>
      {credential ? (
        <>
          <Table.Td>
            {credential.label}{" "}
            <Text span size="xs" c="dimmed" ff="monospace">
              {credential.prefix}
            </Text>
          </Table.Td>
          <Table.Td>{credential.kind}</Table.Td>
          <Table.Td>
            <CredentialBadge credential={credential} now={now} />
          </Table.Td>
          <Table.Td>
            <Time at={credential.createdAt} dateOnly />
          </Table.Td>
          <Table.Td>
            <Time at={credential.revokedAt ?? credential.expiresAt} dateOnly />
            {credential.state === "valid" && ` (${timeLeft(credential.expiresAt, now)})`}
          </Table.Td>
        </>
      ) : (
        <Table.Td colSpan={5}>no credential of its own</Table.Td>
      )}
      <Table.Td>{first && issuersOf(workload)}</Table.Td>
    </Table.Tr>
  );
}

/** Who vouches for it, each once. */
function issuersOf({ federations }: WorkloadView): string {
  return [...new Set(federations.map(({ issuer }) => issuer.name))].join(", ");
}
