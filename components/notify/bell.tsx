"use client";

import { ActionIcon, Indicator } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { api, fetched } from "@/components/api";
import { MOST_UNREAD } from "@/lib/notify/rules";
import type { NoticeCounts } from "@/lib/notify/views";
import { COUNTS_KEY, EVERY_MS } from "./calls";

/** Leads to the inbox and says how much of it is unread. */
export function Bell({ initial }: { initial: NoticeCounts }) {
  const { data } = useQuery({
    queryKey: COUNTS_KEY,
    queryFn: () => fetched(api.notifications.count.$get()),
    initialData: initial,
    refetchInterval: EVERY_MS,
    retry: false,
  });
  const { unread } = data;
  return (
    <Indicator
      label={unread > 99 ? "99+" : unread}
      disabled={unread === 0}
      size={16}
      offset={5}
      color="red.9"
      aria-hidden={false}
    >
      <ActionIcon
        component={Link}
        href="/inbox"
        variant="subtle"
        color="gray"
        aria-label={unread === 0 ? "Inbox" : `Inbox, ${unreadText(unread)}`}
      >
        <IconBell size={18} aria-hidden />
      </ActionIcon>
    </Indicator>
  );
}

function unreadText(unread: number): string {
  return unread < MOST_UNREAD ? `${unread} unread` : `${MOST_UNREAD.toLocaleString("en-GB")} or more unread`;
}
