import type { ApprovalStatus } from "@/lib/approvals/lifecycle";
import type { Effect, Finding, SparingException } from "@/lib/policy/evaluate";
import type { Outcome, Stage } from "@/lib/policy/vocabulary";
import type { AnswerSpan, Redacted } from "./content";

export type { ApprovalStatus } from "@/lib/approvals/lifecycle";

/** A finding as it is answered. */
export interface AnswerFinding extends Omit<Finding, "exception"> {
  effect: Effect;
  exception?: Omit<SparingException, "expiresAt"> & { expiresAt: string };
  reason: string;
  spans?: AnswerSpan[];
}

/** A held request as it is answered. */
export interface Approval {
  id: string;
  /** `APR-31`, the name under which people find it in the console. */
  ref: string;
  /** Where it is asked after, relative to the address of the decision point. */
  url: string;
  status: ApprovalStatus;
  /** ISO 8601, UTC. From this instant on it counts as denied. */
  expiresAt: string;
}

/** What `POST /v1/decisions` answers. */
export interface Answer {
  decisionId: string;
  outcome: Outcome;
  wouldBe: Outcome;
  findings: AnswerFinding[];
  policy: { useCase: string; version: number; digest: string; stage: Stage };
  redacted: Redacted | null;
  /**
   * Of an outcome of `require_approval`: the held request that a person decides on. Null otherwise, and when it could
   * not be held: then it is blocked.
   */
  approval: Approval | null;
  /** When it was committed; null for a rehearsal (`dryRun`). */
  recordedAt: string | null;
}

/**
 * True when the enforcement point may go on: nothing acts on the request, or a person granted it and this answer is the
 * one that the grant is used by. What goes on is `redacted` wherever it is not null, whatever the outcome.
 */
export function mayProceed({ outcome, approval }: Pick<Answer, "outcome" | "approval">): boolean {
  switch (outcome) {
    case "allow":
    case "flag":
    case "redact":
      return true;
    case "require_approval":
      return approval?.status === "granted";
    case "block":
      return false;
  }
}
