"use client";

import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, fetched } from "@/components/api";
import type {
  ApproveExceptionInput,
  EndExceptionInput,
  ReassignExceptionInput,
  RejectExceptionInput,
  ReviewExceptionInput,
  ShortenExceptionInput,
  WithdrawExceptionInput,
} from "@/lib/exceptions/schema";
import type { ExceptionView } from "@/lib/exceptions/views";

const one = (id: string) => ({ param: { id } });
const exceptions = api.exceptions[":id"];

/** A move on an exception: what it is called, and the call that makes it. */
export type Move =
  | { action: "submit" }
  | { action: "approve"; json: ApproveExceptionInput }
  | { action: "reject"; json: RejectExceptionInput }
  | { action: "withdraw"; json: WithdrawExceptionInput }
  | { action: "revoke" | "retire"; json: EndExceptionInput }
  | { action: "review"; json: ReviewExceptionInput }
  | { action: "shorten"; json: ShortenExceptionInput }
  | { action: "reassign"; json: ReassignExceptionInput };

const PAST: Record<Move["action"], string> = {
  submit: "submitted",
  approve: "approved",
  reject: "rejected",
  withdraw: "withdrawn",
  revoke: "revoked",
  retire: "retired",
  review: "reviewed",
  shorten: "shortened",
  reassign: "reassigned",
};

function send(id: string, move: Move): Promise<ExceptionView> {
  switch (move.action) {
    case "submit":
      return fetched(exceptions.submit.$post(one(id)));
    case "approve":
      return fetched(exceptions.approve.$post({ ...one(id), json: move.json }));
    case "reject":
      return fetched(exceptions.reject.$post({ ...one(id), json: move.json }));
    case "withdraw":
      return fetched(exceptions.withdraw.$post({ ...one(id), json: move.json }));
    case "revoke":
      return fetched(exceptions.revoke.$post({ ...one(id), json: move.json }));
    case "retire":
      return fetched(exceptions.retire.$post({ ...one(id), json: move.json }));
    case "review":
      return fetched(exceptions.review.$post({ ...one(id), json: move.json }));
    case "shorten":
      return fetched(exceptions.shorten.$post({ ...one(id), json: move.json }));
    case "reassign":
      return fetched(exceptions.reassign.$post({ ...one(id), json: move.json }));
  }
}

/** Makes a move and shows the exception as the server then has it; nothing is shown as done before it is. */
export function useMove(exception: ExceptionView, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (move: Move) => send(exception.id, move),
    onSuccess: (after, move) => {
      client.setQueryData(["exception", exception.ref], after);
      client.invalidateQueries({ queryKey: ["exceptions"] });
      notifications.show({ message: `${exception.ref} is ${PAST[move.action]}.`, color: "green" });
      onDone();
    },
    onError: () => client.invalidateQueries({ queryKey: ["exception", exception.ref] }),
  });
}

/** What it would have spared: read once, whoever shows it. */
export function usePreview(exception: ExceptionView, enabled = true) {
  return useQuery({
    queryKey: ["exception", exception.ref, "preview"],
    queryFn: () => fetched(exceptions.preview.$get(one(exception.id))),
    staleTime: 60_000,
    enabled,
  });
}

/** How often it spared, and what would happen if it lapsed. */
export function useUsage(exception: ExceptionView, enabled = true) {
  return useQuery({
    queryKey: ["exception", exception.ref, "usage"],
    queryFn: () => fetched(exceptions.usage.$get(one(exception.id))),
    staleTime: 60_000,
    enabled,
  });
}
