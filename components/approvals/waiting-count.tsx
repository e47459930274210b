"use client";

import { Badge, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import { EVERY_MS } from "./calls";

/** How many held requests wait for a word of the person who looks; nothing when none does. */
export function WaitingCount({ initial }: { initial: number }) {
  const { data } = useQuery({
    queryKey: ["approvals", "waiting"],
    queryFn: () => fetched(api.approvals.waiting.$get()),
    initialData: { waiting: initial },
    refetchInterval: EVERY_MS,
    retry: false,
  });
  if (data.waiting === 0) return null;
  return (
    <Badge size="sm" color="orange" variant="light" autoContrast radius="sm">
      {data.waiting}
      <VisuallyHidden> waiting for you</VisuallyHidden>
    </Badge>
  );
}
