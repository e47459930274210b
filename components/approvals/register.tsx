"use client";

import { Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { PagedList } from "@/components/ui/paged-list";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { APPROVAL_STATUSES } from "@/lib/approvals/lifecycle";
import type { ApprovalSummary } from "@/lib/approvals/views";
import type { Page } from "@/lib/schema";
import { ApprovalTable } from "./approval-table";
import { EVERY_MS } from "./calls";

interface ApprovalRegisterProps {
  waiting: Page<ApprovalSummary>;
  initial: Page<ApprovalSummary>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  useCases: { slug: string; name: string }[];
}

/** What waits for a person first, then every held request there was. */
export function ApprovalRegister({ waiting, ...rest }: ApprovalRegisterProps) {
  return (
    <Stack gap="lg">
      <Waiting initial={waiting} />
      <All {...rest} />
    </Stack>
  );
}

function Waiting({ initial }: { initial: Page<ApprovalSummary> }) {
  const list = useQuery({
    queryKey: ["approvals", "pending"],
    queryFn: () => fetched(api.approvals.$get({ query: { status: "pending", limit: "200" } })),
    initialData: initial,
    refetchInterval: EVERY_MS,
  });
  return (
    <section aria-label="Waiting for a person">
      <Title order={2} size="h4" mb={4}>
        Waiting for a person
      </Title>
      <PagedList
        noun="waiting requests"
        page={list.data}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={null}
        onCursor={() => {}}
        empty={
          <Text size="sm">
            What a control in the mode “require approval” holds appears here by itself, until somebody
            decides.
          </Text>
        }
      >
        <ApprovalTable approvals={list.data.items.toReversed()} caption="Requests that wait for a person" />
      </PagedList>
    </section>
  );
}

function All({ initial, initialQuery, useCases }: Omit<ApprovalRegisterProps, "waiting">) {
  const [params, change] = useUrlFilter();
  const query = params.toString();
  const list = useQuery({
    queryKey: ["approvals", "all", query],
    queryFn: () => fetched(api.approvals.$get({ query: Object.fromEntries(params) })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
    ...(query === initialQuery ? { initialData: initial } : {}),
  });
  const page = useLastGood(list.data);
  return (
    <section aria-label="All held requests">
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h4">
          All held requests
        </Title>
        <Group gap="xs">
          <Select
            size="xs"
            aria-label="State"
            placeholder="Any state"
            clearable
            data={APPROVAL_STATUSES.map((value) => ({ value, label: value }))}
            value={params.get("status")}
            onChange={(status) => change({ status })}
          />
          <Select
            size="xs"
            aria-label="Use case"
            placeholder="Any use case"
            clearable
            searchable
            data={useCases.map(({ slug, name }) => ({ value: slug, label: name }))}
            value={params.get("useCase")}
            onChange={(useCase) => change({ useCase })}
          />
        </Group>
      </Group>
      <PagedList
        noun="held requests"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={
          query ? (
            <EmptyState
              title="No held request fits this filter"
              action={
                <Button component={Link} href="/approvals" variant="default" size="xs">
                  Show all held requests
                </Button>
              }
            />
          ) : (
            <EmptyState title="No request was held so far" />
          )
        }
      >
        <ApprovalTable approvals={page?.items ?? []} caption="Held requests with how each stands" />
      </PagedList>
    </section>
  );
}
