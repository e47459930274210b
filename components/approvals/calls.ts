"use client";

import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type { ApprovalAction } from "@/lib/approvals/lifecycle";
import type { DecideApprovalInput } from "@/lib/approvals/schema";
import type { ApprovalView } from "@/lib/approvals/views";

/** How often (ms) what waits is asked after, while somebody looks. */
export const EVERY_MS = 5_000;

const approvals = api.approvals[":id"];
const PAST: Record<ApprovalAction, string> = { grant: "granted", deny: "denied" };

/** One held request, asked after again for as long as something can still happen to it. */
export function useApproval(initial: ApprovalView) {
  return useQuery({
    queryKey: ["approval", initial.ref],
    queryFn: () => fetched(approvals.$get({ param: { id: initial.ref } })),
    initialData: initial,
    refetchInterval: ({ state }) =>
      ["pending", "granted"].includes(state.data?.status ?? "") ? EVERY_MS : false,
  });
}

/** Grants or denies, and shows the held request as the server then has it. */
export function useVerdict({ id, ref }: ApprovalView, action: ApprovalAction, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (json: DecideApprovalInput) => fetched(approvals[action].$post({ param: { id }, json })),
    onSuccess: (after) => {
      client.setQueryData(["approval", ref], after);
      client.invalidateQueries({ queryKey: ["approvals"] });
      notifications.show({ message: `${ref} is ${PAST[action]}.`, color: "green" });
      onDone();
    },
    onError: () => client.invalidateQueries({ queryKey: ["approval", ref] }),
  });
}
