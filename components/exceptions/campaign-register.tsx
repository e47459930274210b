"use client";

import { Group, Select, Table, Text, VisuallyHidden } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor, LinkButton } from "@/components/ui/links";
import { PagedList } from "@/components/ui/paged-list";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import type { CampaignSummary } from "@/lib/campaigns/views";
import type { Page } from "@/lib/schema";
import { ProgressLine } from "./progress-line";

interface CampaignRegisterProps {
  initial: Page<CampaignSummary>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  mayStart: boolean;
}

/** Every campaign, and how far it is. */
export function CampaignRegister({ initial, initialQuery, mayStart }: CampaignRegisterProps) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["campaigns", query],
    queryFn: () => fetched(api.campaigns.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <>
      <Group gap="xs" mb="xs" className="no-print">
        <Select
          label="State"
          placeholder="Any"
          size="xs"
          w={150}
          clearable
          data={[
            { value: "open", label: "open" },
            { value: "done", label: "done" },
          ]}
          value={params.get("state")}
          onChange={(state) => change({ state })}
        />
      </Group>
      <PagedList
        noun="campaigns"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={
          <EmptyState
            title={query ? "No campaign fits this filter" : "No campaign so far"}
            action={
              mayStart && (
                <LinkButton href="/exceptions" variant="default">
                  To the register
                </LinkButton>
              )
            }
          >
            A campaign has everything that a filter of the register shows reviewed by a day. It is started
            there.
          </EmptyState>
        }
      >
        <Table verticalSpacing={4} horizontalSpacing="xs" fz="sm" miw={720} highlightOnHover>
          <VisuallyHidden component="caption">Campaigns with their progress</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["Campaign", "What", "State", "Progress", "Due", "Started by"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(page?.items ?? []).map((campaign) => (
              <Table.Tr key={campaign.id}>
                <Table.Th scope="row" fw={600}>
                  <LinkAnchor href={`/exceptions/campaigns/${campaign.ref}`}>{campaign.ref}</LinkAnchor>
                </Table.Th>
                <Table.Td>
                  <Text size="sm" truncate maw={280} title={campaign.title}>
                    {campaign.title}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <CampaignBadge campaign={campaign} />
                </Table.Td>
                <Table.Td miw={180}>
                  <ProgressLine label={campaign.ref} done={campaign.done} of={campaign.of} />
                </Table.Td>
                <Table.Td>
                  <Time at={campaign.dueAt} dateOnly />
                </Table.Td>
                <Table.Td>{campaign.startedBy.name}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </PagedList>
    </>
  );
}

/** `done`, `open`, or how many are overdue. */
export function CampaignBadge({ campaign: { closedAt, overdue } }: { campaign: CampaignSummary }) {
  if (closedAt) return <WordBadge word="approved">done</WordBadge>;
  if (overdue > 0) return <WordBadge word="review_overdue">{overdue} overdue</WordBadge>;
  return <WordBadge word="submitted">open</WordBadge>;
}
