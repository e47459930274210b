"use client";

import { Anchor, Button, Progress, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import type { PackView } from "@/lib/evidence/views";
import type { Page } from "@/lib/schema";
import { isBeingBuilt, sizeText } from "./words";

const POLL_MS = 1_500;

interface PackRegisterProps {
  initial: Page<PackView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
}

/** Packs, newest first; asks again and again while one is being built. */
export function PackRegister({ initial, initialQuery }: PackRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["packs", query],
    queryFn: () => fetched(api.evidence.packs.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isBeingBuilt) ? POLL_MS : false),
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <PagedList
      noun="packs"
      page={page}
      error={list.error}
      onRetry={() => list.refetch()}
      cursor={params.get("cursor")}
      onCursor={(cursor) => change({ cursor })}
      empty={
        <EmptyState title="No pack yet">
          Ask for one above. It holds every decision, change, exception and audit entry of the period, signed,
          so that an outsider can verify it without trusting this console.
        </EmptyState>
      }
    >
      <Table verticalSpacing={5} horizontalSpacing="xs" highlightOnHover fz="sm" miw={980}>
        <VisuallyHidden component="caption">Evidence packs, newest first</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {["Pack", "State", "Period", "Use cases", "Requested by", "Requested"].map((name) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
            <Table.Th scope="col" ta="right">
              Size
            </Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>Download</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {page?.items.map((pack) => (
            <PackRow key={pack.id} pack={pack} />
          ))}
        </Table.Tbody>
      </Table>
    </PagedList>
  );
}

function PackRow({ pack }: { pack: PackView }) {
  const useCases = pack.useCases.join(", ") || "all";
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        <Anchor component={Link} href={`/evidence/${pack.ref}`} size="sm" style={{ whiteSpace: "nowrap" }}>
          {pack.ref}
        </Anchor>
      </Table.Th>
      <Table.Td miw={130}>
        <PackState pack={pack} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Time at={pack.from} dateOnly /> – <Time at={pack.to} dateOnly />
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate maw={220} title={useCases}>
          {useCases}
        </Text>
      </Table.Td>
      <Table.Td>{pack.requestedBy.name}</Table.Td>
      <Table.Td>
        <Time at={pack.createdAt} />
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {pack.bytes === null ? "–" : sizeText(pack.bytes)}
      </Table.Td>
      <Table.Td>{pack.status === "ready" && <DownloadButton pack={pack} />}</Table.Td>
    </Table.Tr>
  );
}

/** The state in a word, with how far it is while it is being built, or why it failed. */
export function PackState({ pack }: { pack: PackView }) {
  if (pack.status === "building" || pack.status === "pending") {
    const percent = Math.round(pack.progress * 100);
    const text = pack.status === "pending" ? "waits to be built" : `building, ${percent} %`;
    return (
      <>
        <Text size="sm">{text}</Text>
        <Progress value={percent} size="sm" aria-label={`${pack.ref}: ${text}`} />
      </>
    );
  }
  if (pack.status === "failed") {
    return (
      <>
        <WordBadge word="rejected">failed</WordBadge>
        <Text size="xs">{pack.failure}</Text>
      </>
    );
  }
  return <WordBadge word="approved">ready</WordBadge>;
}

export function DownloadButton({ pack }: { pack: PackView }) {
  return (
    <Button
      component="a"
      href={`/api/v1/evidence/packs/${pack.ref}/download`}
      download={`${pack.ref}.zip`}
      size="compact-xs"
      variant="default"
      aria-label={`Download ${pack.ref}`}
    >
      Download
    </Button>
  );
}
