"use client";

import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import type {
  ApproveChangeInput,
  CommentChangeInput,
  RejectChangeInput,
  WithdrawChangeInput,
} from "@/lib/changes/schema";
import type { ChangeView } from "@/lib/changes/views";

/** The change, and which revision of it was on the screen: nobody decides on what they have not seen. */
const one = ({ id, revision }: ChangeView) => ({ param: { id }, header: { "if-match": revision } });
const changes = api.changes[":id"];

export const changeKey = (ref: string) => ["change", ref] as const;

/** A move on a change request: what it is called, and what it carries. */
export type Move =
  | { action: "submit" | "apply" }
  | { action: "approve"; json: ApproveChangeInput }
  | { action: "reject"; json: RejectChangeInput }
  | { action: "withdraw"; json: WithdrawChangeInput }
  | { action: "comment"; json: CommentChangeInput };

function send(change: ChangeView, move: Move): Promise<ChangeView> {
  switch (move.action) {
    case "submit":
      return fetched(changes.submit.$post(one(change)));
    case "apply":
      return fetched(changes.apply.$post(one(change)));
    case "approve":
      return fetched(changes.approve.$post({ ...one(change), json: move.json }));
    case "reject":
      return fetched(changes.reject.$post({ ...one(change), json: move.json }));
    case "withdraw":
      return fetched(changes.withdraw.$post({ ...one(change), json: move.json }));
    case "comment":
      return fetched(changes.comments.$post({ ...one(change), json: move.json }));
  }
}

/** True when the refusal says that what was on the screen no longer stands. */
export function saysMoved(error: unknown): boolean {
  return error instanceof ApiProblem && (error.code === "stale" || error.code === "conflict");
}

function doneText(after: ChangeView, move: Move): string {
  if (move.action === "comment") return `Your comment stands on ${after.ref}.`;
  if (move.action === "approve" && after.status === "in_review") {
    return `Your approval of ${after.ref} is recorded. ${after.blockedBy ?? ""}`;
  }
  if (move.action === "apply") return `${after.ref} is applied as version ${after.appliedVersion}.`;
  return `${after.ref} is ${after.status.replaceAll("_", " ")}.`;
}

/** Makes a move and shows the change as the server then has it. A refusal because it moved on reloads it. */
export function useChangeMove(change: ChangeView, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (move: Move) => send(change, move),
    onSuccess: (after, move) => {
      client.setQueryData(changeKey(change.ref), after);
      client.invalidateQueries({ queryKey: ["changes"] });
      notifications.show({ message: doneText(after, move) });
      onDone();
    },
    onError: (error) => {
      if (saysMoved(error)) client.invalidateQueries({ queryKey: changeKey(change.ref) });
    },
  });
}
