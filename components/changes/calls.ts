"use client";

import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, api, fetched } from "@/components/api";
import type {
  ApproveChangeInput,
  AskReviewersInput,
  BreakGlassInput,
  CommentChangeInput,
  RebaseChangeInput,
  RejectChangeInput,
  ReviewChangeInput,
  RollBackChangeInput,
  ScheduleChangeInput,
  WithdrawChangeInput,
} from "@/lib/changes/schema";
import type { ChangeView } from "@/lib/changes/views";

/** The change, and which revision of it was on the screen: nobody decides on what they have not seen. */
const one = ({ id, revision }: ChangeView) => ({ param: { id }, header: { "if-match": revision } });
const changes = api.changes[":id"];

export const changeKey = (ref: string) => ["change", ref] as const;

/** A move on a change request: what it is called, and what it carries. */
export type Move =
  | { action: "submit" | "apply" | "measure" | "unschedule" }
  | { action: "approve"; json: ApproveChangeInput }
  | { action: "reject"; json: RejectChangeInput }
  | { action: "withdraw"; json: WithdrawChangeInput }
  | { action: "schedule"; json: ScheduleChangeInput }
  | { action: "roll_back"; json: RollBackChangeInput }
  | { action: "break_glass"; json: BreakGlassInput }
  | { action: "review"; json: ReviewChangeInput }
  | { action: "ask_reviewers"; json: AskReviewersInput }
  | { action: "rebase"; json: RebaseChangeInput }
  | { action: "comment"; json: CommentChangeInput };

function send(change: ChangeView, move: Move): Promise<ChangeView> {
  const about = one(change);
  switch (move.action) {
    case "submit":
      return fetched(changes.submit.$post(about));
    case "apply":
      return fetched(changes.apply.$post(about));
    case "measure":
      return fetched(changes.measure.$post(about));
    case "unschedule":
      return fetched(changes.unschedule.$post(about));
    case "approve":
      return fetched(changes.approve.$post({ ...about, json: move.json }));
    case "reject":
      return fetched(changes.reject.$post({ ...about, json: move.json }));
    case "withdraw":
      return fetched(changes.withdraw.$post({ ...about, json: move.json }));
    case "schedule":
      return fetched(changes.schedule.$post({ ...about, json: move.json }));
    case "roll_back":
      return fetched(changes.rollback.$post({ ...about, json: move.json }));
    case "break_glass":
      return fetched(changes["break-glass"].$post({ ...about, json: move.json }));
    case "review":
      return fetched(changes.review.$post({ ...about, json: move.json }));
    case "ask_reviewers":
      return fetched(changes.reviewers.$post({ ...about, json: move.json }));
    case "rebase":
      return fetched(changes.rebase.$post({ ...about, json: move.json }));
    case "comment":
      return fetched(changes.comments.$post({ ...about, json: move.json }));
  }
}

/** True when the refusal says that what was on the screen no longer stands. */
export function saysMoved(error: unknown): boolean {
  return error instanceof ApiProblem && (error.code === "stale" || error.code === "conflict");
}

function doneText(after: ChangeView, move: Move): string {
  const { ref } = after;
  switch (move.action) {
    case "comment":
      return `Your comment stands on ${ref}.`;
    case "ask_reviewers":
      return `They are asked to look at ${ref}.`;
    case "measure":
      return `${ref} is measured anew.`;
    case "rebase":
      return `${ref} is based on version ${after.baseVersion} now.`;
    case "review":
      return `Your review of ${ref} is recorded.`;
    case "roll_back":
      return `${ref} proposes what stood before.`;
    case "break_glass":
      return `${ref} is in force as version ${after.appliedVersion}. Somebody else must review it.`;
    case "apply":
      return `${ref} is applied as version ${after.appliedVersion}.`;
    case "approve":
      if (after.status === "in_review")
        return `Your approval of ${ref} is recorded. ${after.blockedBy ?? ""}`;
  }
  return `${ref} is ${after.status.replaceAll("_", " ")}.`;
}

/** Makes a move and shows the change as the server then has it. A refusal because it moved on reloads it. */
export function useChangeMove(change: ChangeView, onDone: (after: ChangeView) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (move: Move) => send(change, move),
    onSuccess: (after, move) => {
      client.setQueryData(changeKey(after.ref), after);
      if (after.ref !== change.ref) client.invalidateQueries({ queryKey: changeKey(change.ref) });
      client.invalidateQueries({ queryKey: ["changes"] });
      notifications.show({ message: doneText(after, move) });
      onDone(after);
    },
    onError: (error) => {
      if (saysMoved(error)) client.invalidateQueries({ queryKey: changeKey(change.ref) });
    },
  });
}
