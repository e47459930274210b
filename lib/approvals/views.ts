import type { ActionView, PersonRef } from "@/lib/people/views";
import type { DecisionView } from "@/lib/telemetry/views";
import type { UseCaseRef } from "@/lib/use-cases/views";
import type { ApprovalAction, ApprovalStatus } from "./lifecycle";

/** What was asked, in brief: the facts of the request that it had. */
export interface AskedView {
  action?: string;
  tool?: string;
  model?: string;
  destination?: string;
  retrievalSource?: string;
  dataClass?: string;
  purpose?: string;
}

export interface ApprovalSummary {
  id: string;
  /** `APR-31`. */
  ref: string;
  useCase: UseCaseRef;
  workload: { id: string; slug: string; name: string };
  /** Those that need a person's word. */
  controls: { id: string; title: string }[];
  asked: AskedView;
  /** At the moment of the question. */
  status: ApprovalStatus;
  createdAt: string;
  expiresAt: string;
  decidedBy: PersonRef | null;
  decidedAt: string | null;
  reason: string | null;
  usedAt: string | null;
  /** Names of fields that the caller made up. */
  synthetic: string[];
  /** The decision by which it was held. */
  decisionId: string;
  /** The decision that its grant let pass. */
  usedDecisionId: string | null;
  actions: ActionView<ApprovalAction>[];
}

export interface ApprovalView extends ApprovalSummary {
  /** Redacted; null when the policy keeps no content, or it was taken away since. */
  excerpt: string | null;
  /** `hmac-sha256:<hex>` of the request that a grant lets pass. */
  requestDigest: string;
  /** How many times it was asked, the use of its grant included. */
  asks: number;
  /** The decision that held it, with its findings and its session; null when it is no longer kept. */
  decision: DecisionView | null;
}
