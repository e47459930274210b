"use client";

import { Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor } from "@/components/ui/links";
import { PagedList } from "@/components/ui/paged-list";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import type { Page } from "@/lib/schema";
import type { IssuerView } from "@/lib/workloads/views";
import { AddIssuerDialog } from "./add-issuer-dialog";
import { IssuerCheck } from "./issuer-check";
import { RetireIssuerDialog } from "./retire-issuer-dialog";

interface IssuerRegisterProps {
  initial: Page<IssuerView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  manages: boolean;
}

/** Who may vouch for workloads; an admin adds, checks and retires them here. */
export function IssuerRegister({ initial, initialQuery, manages }: IssuerRegisterProps) {
  const [params, change] = useUrlFilter();
  const [adding, setAdding] = useState(false);
  const [retiring, setRetiring] = useState<IssuerView | null>(null);
  const query = params.toString();
  const list = useQuery({
    queryKey: ["issuers", query],
    queryFn: () => fetched(api.issuers.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  const add = manages && (
    <Button size="xs" onClick={() => setAdding(true)}>
      Add an issuer
    </Button>
  );
  return (
    <>
      {page !== undefined && page.items.length > 0 && (
        <Group justify="flex-end" mb="xs" className="no-print">
          {add}
        </Group>
      )}
      <PagedList
        noun="issuers"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={
          <EmptyState title="Nobody vouches for workloads yet" action={add}>
            A platform that signs tokens for what runs on it, such as Kubernetes, GitHub Actions or SPIRE.
            With one, workloads need no standing key. An admin adds it.
          </EmptyState>
        }
      >
        <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={820}>
          <VisuallyHidden component="caption">Issuers of tokens for workloads</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Issuer", "Keys", "Vouches for", "Added", ...(manages ? ["Action"] : [])].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {page?.items.map((issuer) => (
              <IssuerRow
                key={issuer.id}
                issuer={issuer}
                manages={manages}
                onRetire={() => setRetiring(issuer)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </PagedList>
      {adding && <AddIssuerDialog onClose={() => setAdding(false)} />}
      {retiring && <RetireIssuerDialog issuer={retiring} onClose={() => setRetiring(null)} />}
    </>
  );
}

interface IssuerRowProps {
  issuer: IssuerView;
  manages: boolean;
  onRetire: () => void;
}

function IssuerRow({ issuer, manages, onRetire }: IssuerRowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {issuer.name}
        <Text size="xs" c="dimmed" ff="monospace">
          {issuer.issuer}
        </Text>
      </Table.Th>
      <Table.Td>{issuer.jwksUri === null ? "by discovery" : <code>{issuer.jwksUri}</code>}</Table.Td>
      <Table.Td>
        {issuer.workloads.length === 0 && "nobody yet"}
        {issuer.workloads.map(({ slug, name }, index) => (
          <span key={slug}>
            {index > 0 && ", "}
            <LinkAnchor href={`/people/workloads/${slug}`}>{name}</LinkAnchor>
          </span>
        ))}
      </Table.Td>
      <Table.Td>
        <Time at={issuer.createdAt} dateOnly />
      </Table.Td>
      {manages && (
        <Table.Td>
          <Group gap={4} align="flex-start">
            <IssuerCheck issuer={issuer} />
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              aria-label={`Retire ${issuer.name}`}
              onClick={onRetire}
            >
              Retire
            </Button>
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
