"use client";

import { Button, Group, Select, Table, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkAnchor } from "@/components/ui/links";
import { PagedList } from "@/components/ui/paged-list";
import { ProblemAlert } from "@/components/ui/problem-alert";
import { Time } from "@/components/ui/time";
import { useLastGood, useUrlFilter } from "@/components/ui/use-url-filter";
import { WordBadge } from "@/components/vocabulary/badges";
import { KIND_RULES } from "@/lib/notify/rules";
import { NOTICE_KINDS } from "@/lib/notify/schema";
import type { NoticeCounts, NoticeView } from "@/lib/notify/views";
import type { Page } from "@/lib/schema";
import { COUNTS_KEY, EVERY_MS } from "./calls";

interface InboxProps {
  initial: Page<NoticeView>;
  /** The query text that `initial` answers. */
  initialQuery: string;
  counts: NoticeCounts;
}

const SHOWN = [
  { value: "waiting", label: "Waiting on you" },
  { value: "unread", label: "Unread" },
  { value: "all", label: "Everything" },
];
const KINDS = NOTICE_KINDS.map((kind) => ({ value: kind, label: KIND_RULES[kind].title }));

/** What the reader was told, newest first; what somebody else has dealt with says so. */
export function Inbox({ initial, initialQuery, counts }: InboxProps) {
  const [params, change] = useUrlFilter();
  const client = useQueryClient();
  const query = Object.fromEntries(params);
  const list = useQuery({
    queryKey: ["notices", params.toString()],
    queryFn: () => fetched(api.notifications.$get({ query })),
    ...(params.toString() === initialQuery ? { initialData: initial } : {}),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
  const onDone = (after: NoticeCounts) => {
    client.setQueryData(COUNTS_KEY, after);
    client.invalidateQueries({ queryKey: ["notices"] });
  };
  const read = useMutation({
    mutationFn: (id: string) => fetched(api.notifications[":id"].read.$post({ param: { id } })),
    onSuccess: onDone,
  });
  const readAll = useMutation({
    mutationFn: () => fetched(api.notifications["read-all"].$post()),
    onSuccess: (after: NoticeCounts) => {
      onDone(after);
      notifications.show({ message: "Everything is marked as read.", color: "green" });
    },
  });
  const page = useLastGood(list.data);
  const show = params.get("show") ?? "all";
  return (
    <>
      <Group gap="xs" mb="xs" align="flex-end" className="no-print">
        <Select
          label="Show"
          size="xs"
          w={160}
          allowDeselect={false}
          data={SHOWN}
          value={show}
          onChange={(value) => change({ show: value === "all" ? null : value })}
        />
        <Select
          label="Kind"
          placeholder="Any"
          size="xs"
          w={200}
          clearable
          data={KINDS}
          value={params.get("kind")}
          onChange={(kind) => change({ kind })}
        />
        <Button
          size="xs"
          variant="default"
          ml="auto"
          loading={readAll.isPending}
          disabled={page?.total === 0}
          onClick={() => readAll.mutate()}
        >
          Mark all as read
        </Button>
      </Group>
      {(read.error ?? readAll.error) && <ProblemAlert error={read.error ?? readAll.error} />}
      <PagedList
        noun="notices"
        page={page}
        error={list.error}
        onRetry={() => list.refetch()}
        cursor={params.get("cursor")}
        onCursor={(cursor) => change({ cursor })}
        empty={<Nothing show={show} counts={counts} />}
      >
        <Table verticalSpacing={5} horizontalSpacing="xs" fz="sm" miw={720}>
          <VisuallyHidden component="caption">What you were told, newest first</VisuallyHidden>
          <Table.Thead>
            <Table.Tr>
              {["What", "State", "Kind", "When", "Action"].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {page?.items.map((notice) => (
              <NoticeRow key={notice.id} notice={notice} onRead={() => read.mutate(notice.id)} />
            ))}
          </Table.Tbody>
        </Table>
      </PagedList>
    </>
  );
}

function NoticeRow({ notice, onRead }: { notice: NoticeView; onRead: () => void }) {
  const { title, kind, href, at, readAt, waits } = notice;
  const isUnread = readAt === null && waits !== false;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={isUnread ? 600 : 400} style={{ overflowWrap: "anywhere" }}>
        <span onClickCapture={readAt === null ? onRead : undefined}>
          <LinkAnchor href={href} fw="inherit" c={isUnread ? undefined : "dimmed"}>
            {title}
          </LinkAnchor>
        </span>
      </Table.Th>
      <Table.Td>
        <State notice={notice} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{KIND_RULES[kind].title}</Table.Td>
      <Table.Td>
        <Time at={at} />
      </Table.Td>
      <Table.Td>
        {isUnread && (
          <Button size="compact-xs" variant="subtle" aria-label={`Mark as read: ${title}`} onClick={onRead}>
            Mark as read
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function State({ notice: { waits, readAt } }: { notice: NoticeView }) {
  if (waits === true) return <WordBadge word="pending">waits on you</WordBadge>;
  if (waits === false) return <WordBadge word="used">no longer waiting</WordBadge>;
  return (
    <WordBadge word={readAt === null ? "submitted" : "retired"}>
      {readAt === null ? "unread" : "read"}
    </WordBadge>
  );
}

function Nothing({ show, counts }: { show: string; counts: NoticeCounts }) {
  if (show === "waiting") {
    return (
      <EmptyState title="Nothing waits on you">
        What you can decide, review or answer appears here by itself, and leaves when somebody has done it.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={counts.unread === 0 ? "You have read everything" : "Nothing of this kind"}>
      <Text span size="sm">
        You are told of what waits on you, what became of your requests, and what ends soon. You choose how
        under{" "}
        <LinkAnchor href="/settings/notifications" underline="always">
          Settings, Notifications
        </LinkAnchor>
        .
      </Text>
    </EmptyState>
  );
}
