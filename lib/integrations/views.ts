import type { Outcome } from "@/lib/policy/vocabulary";
import type { CanaryClient } from "./schema";

/** A canary to be sent by the client that is tried. */
export interface CanaryView {
  text: string;
  madeAt: string;
  expiresAt: string;
}

/** A decision that met a canary. */
export interface CanaryDecision {
  id: string;
  decidedAt: string;
  kind: "decision" | "observation";
  outcome: Outcome;
  workload: string | null;
  /** Says the request that the console sent it? Not every dialect can. */
  fromConsole: boolean;
}

/** What came of sending one text as a client does. */
export interface CanaryAnswer {
  /** `blocked` and `passed` are decisions; `refused` is an answer that is none, `unanswered` is no answer in time. */
  verdict: "blocked" | "passed" | "refused" | "unanswered";
  /** Says the answer that it is blocked as a canary? */
  asCanary: boolean;
  decisionId: string | null;
  /** Why there is no decision, in words. */
  problem: string | null;
}

/** A canary, and an ordinary text beside it: a client that blocks everything proves nothing. */
export interface CanaryTrial {
  client: CanaryClient;
  canary: CanaryAnswer;
  ordinary: CanaryAnswer;
}
