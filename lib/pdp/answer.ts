import type { Effect, Finding, SparingException } from "@/lib/policy/evaluate";
import type { Outcome, Stage } from "@/lib/policy/vocabulary";
import type { AnswerSpan, Redacted } from "./content";

/** A finding as it is answered. */
export interface AnswerFinding extends Omit<Finding, "exception"> {
  effect: Effect;
  exception?: Omit<SparingException, "expiresAt"> & { expiresAt: string };
  reason: string;
  spans?: AnswerSpan[];
}

/** What `POST /v1/decisions` answers. */
export interface Answer {
  decisionId: string;
  outcome: Outcome;
  wouldBe: Outcome;
  findings: AnswerFinding[];
  policy: { useCase: string; version: number; digest: string; stage: Stage };
  redacted: Redacted | null;
  /** Held requests are not taken yet: an enforcement point treats `require_approval` as it treats `block`. */
  approval: null;
  /** When it was committed; null for a rehearsal (`dryRun`). */
  recordedAt: string | null;
}
