"use client";

import { Anchor, Button, Code, Group, SegmentedControl, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor } from "@/components/ui/links";
import { PagedList } from "@/components/ui/paged-list";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import type { Page } from "@/lib/schema";
import type { TokenView } from "@/lib/tokens/views";
import { CreateTokenDialog } from "./create-dialog";
import { RevokeTokenDialog } from "./revoke-dialog";
import { scopeTitle } from "./words";

interface TokenRegisterProps {
  initial: Page<TokenView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  /** May the viewer see and end those of others? */
  managesAll: boolean;
  now: string;
}

/** One's own tokens, or everybody's for an admin; made and revoked here. */
export function TokenRegister({ initial, initialQuery, managesAll, now }: TokenRegisterProps) {
  const [params, change] = useUrlFilter();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<TokenView | null>(null);
  const query = params.toString();
  const list = useQuery({
    queryKey: ["tokens", query],
    queryFn: () => fetched(api.tokens.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  const all = params.get("whose") === "all";
  const make = (
    <Button size="xs" onClick={() => setMaking(true)}>
      Make an access token
    </Button>
  );
  return (
    <>
      <Group justify="space-between" mb="xs" className="no-print">
        {managesAll ? (
          <SegmentedControl
            size="xs"
            aria-label="Whose tokens"
            value={all ? "all" : "mine"}
            onChange={(whose) => change({ whose: whose === "all" ? "all" : null, cursor: null })}
            data={[
              { value: "mine", label: "Mine" },
              { value: "all", label: "Everybody's" },
            ]}
          />
        ) : (
          <Text size="sm" c="dimmed">
            How a repository uses one:{" "}
            <LinkAnchor underline="always" href="/api/docs">
              the API
            </LinkAnchor>
            ,{" "}
            <Anchor underline="always" size="sm" href="/sluice.mjs">
              sluice.mjs
            </Anchor>
          </Text>
        )}
        {page !== undefined && page.items.length > 0 && make}
      </Group>
      <PagedList
        noun="tokens"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={
          <EmptyState title={all ? "Nobody has a token" : "You have no token"} action={make}>
            With one, a repository can propose changes of policy that people then decide on, and a script can
            read what you may read.
          </EmptyState>
        }
      >
        <TokenTable tokens={page?.items ?? []} all={all} now={now} onRevoke={setRevoking} />
      </PagedList>
      {making && <CreateTokenDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeTokenDialog token={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

interface TokenTableProps {
  tokens: TokenView[];
  all: boolean;
  now: string;
  onRevoke: (token: TokenView) => void;
}

function TokenTable({ tokens, all, now, onRevoke }: TokenTableProps) {
  const columns = ["Label", ...(all ? ["Of"] : []), "May", "State", "Expires", "Last used", "Made", "Action"];
  return (
    <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={760}>
      <VisuallyHidden component="caption">Personal access tokens</VisuallyHidden>
      <Table.Thead>
        <Table.Tr>
          {columns.map((name) => (
            <Table.Th key={name} scope="col">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <Table.Tr key={token.id}>
            <Table.Th scope="row" fw={600}>
              {token.label} <Code>slp_{token.prefix}</Code>
            </Table.Th>
            {all && <Table.Td>{token.own ? "you" : token.person.name}</Table.Td>}
            <Table.Td>{scopeTitle(token.scopes)}</Table.Td>
            <Table.Td>
              <StateBadge token={token} now={now} />
            </Table.Td>
            <Table.Td>
              <Time at={token.expiresAt} dateOnly />
            </Table.Td>
            <Table.Td>{token.lastUsedAt ? <Time at={token.lastUsedAt} /> : "never"}</Table.Td>
            <Table.Td>
              <Time at={token.createdAt} dateOnly />
            </Table.Td>
            <Table.Td>
              {token.state === "valid" && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  aria-label={`Revoke ${token.label}`}
                  onClick={() => onRevoke(token)}
                >
                  Revoke
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const SOON_MS = 14 * 86_400_000;

function StateBadge({ token, now }: { token: TokenView; now: string }) {
  if (token.state !== "valid") return <WordBadge word={token.state}>{token.state}</WordBadge>;
  const endsSoon = Date.parse(token.expiresAt) - Date.parse(now) < SOON_MS;
  return endsSoon ? (
    <WordBadge word="review_overdue">expires soon</WordBadge>
  ) : (
    <WordBadge word="in_force">valid</WordBadge>
  );
}
