"use client";

import { Code, Table, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { CheckpointView } from "@/lib/audit/views";
import type { Page } from "@/lib/schema";

interface CheckpointRegisterProps {
  initial: Page<CheckpointView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
}

/** Signed heads of the log, newest first. */
export function CheckpointRegister({ initial, initialQuery }: CheckpointRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["checkpoints", query],
    queryFn: () => fetched(api.audit.checkpoints.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <PagedList
      noun="checkpoints"
      page={page}
      error={list.error}
      onRetry={() => list.refetch()}
      cursor={params.get("cursor")}
      onCursor={(cursor) => change({ cursor })}
      empty={
        <EmptyState title="No checkpoint yet">
          One is signed by itself shortly after the first entries are recorded.
        </EmptyState>
      }
    >
      <Table verticalSpacing={4} horizontalSpacing="xs" highlightOnHover fz="sm" miw={900}>
        <VisuallyHidden component="caption">Checkpoints, newest first</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" ta="right">
              Entries
            </Table.Th>
            {["Signed", "Key", "Root"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {page?.items.map((checkpoint) => (
            <Table.Tr key={checkpoint.size}>
              <Table.Th scope="row" fw={600} ta="right">
                {checkpoint.size.toLocaleString("en-GB")}
              </Table.Th>
              <Table.Td>
                <Time at={checkpoint.at} />
              </Table.Td>
              <Table.Td>
                <Code>{checkpoint.keyId}</Code>
              </Table.Td>
              <Table.Td>
                <Code>{checkpoint.root}</Code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </PagedList>
  );
}
