import type { ActionView, PersonRef } from "@/lib/people/views";
import type { Effect } from "@/lib/policy/evaluate";
import type { Facts } from "@/lib/policy/facts";
import type { Mode, Outcome, Sensitivity, Stage } from "@/lib/policy/vocabulary";
import type { UseCaseRef } from "@/lib/use-cases/views";
import type { Answer, AppealAction, AppealStatus, Basis, Expectation } from "./lifecycle";
import type { FalsePositiveEstimate, Verdicts } from "./rules";

/** A control that fired for one decision, as what hangs on it names it. */
export interface FindingRef {
  decisionId: string;
  decidedAt: string;
  useCase: UseCaseRef;
  control: string;
  level: Sensitivity | null;
  effect: Effect;
}

export interface RulingView extends FindingRef {
  id: string;
  /** Counts the rulings of this finding, from 1. */
  number: number;
  answer: Answer;
  basis: Basis;
  note: string | null;
  ruledBy: PersonRef;
  ruledAt: string;
  /** Is it the one that counts? A later one takes the place of the earlier. */
  current: boolean;
  /** `APL-12`; null unless it answered an appeal. */
  appeal: string | null;
  /** Its place in the random order of its control and level, and how many the sample asked for there. */
  sample: { rank: number; of: number; fired: number } | null;
}

export interface AppealView extends FindingRef {
  id: string;
  /** `APL-12`. */
  ref: string;
  reason: string;
  status: AppealStatus;
  openedBy: PersonRef;
  openedAt: string;
  closedBy: PersonRef | null;
  closedAt: string | null;
  /** The note of who answered it. */
  answer: string | null;
  actions: ActionView<AppealAction>[];
}

export interface CaseView {
  id: string;
  /** `CASE-7`. */
  ref: string;
  useCase: UseCaseRef;
  name: string;
  control: string;
  expected: Expectation;
  facts: Facts;
  /** `sha256:<hex>` of the facts. */
  factDigest: string;
  decisionId: string;
  decidedAt: string;
  keptBy: PersonRef;
  keptAt: string;
  retiredBy: PersonRef | null;
  retiredAt: string | null;
  retireReason: string | null;
  /** Under the policy in force now; null for a retired case. */
  holds: boolean | null;
  /** Why it cannot be told whether it holds. */
  problem: string | null;
  actions: ActionView<"retire">[];
}

export type FindingAction = "rule" | "appeal" | "keep";

/** All that people said of one finding of a decision. */
export interface FindingRulings {
  control: string;
  /** Oldest first. */
  rulings: RulingView[];
  /** Newest first. */
  appeals: AppealView[];
  /** Live cases kept from it. */
  cases: { ref: string; name: string; expected: Expectation }[];
  actions: ActionView<FindingAction>[];
}

/** One control at one level in the window of the queue. */
export interface StratumView {
  level: Sensitivity | null;
  fired: number;
  /** How many of them the sample asks for. */
  asked: number;
  sampled: Verdicts;
}

export interface ControlProgress {
  control: string;
  fired: number;
  asked: number;
  /** Of those, how many were ruled from the queue. */
  ruled: number;
  /** Left out while others further down in the random order were ruled. */
  passedOver: number;
  /** No longer kept, so that nobody can rule them. */
  gone: number;
  strata: StratumView[];
  estimate: FalsePositiveEstimate;
  /** Ruled without having been drawn: shown, and part of no rate. */
  besides: Verdicts;
  openAppeals: number;
}

/** A finding that awaits a ruling, with what one needs to judge it. */
export interface QueueFinding extends FindingRef {
  /** Its place in the random order of its control and level, from 1. */
  rank: number;
  of: number;
  mode: Exclude<Mode, "off">;
  outcome: Outcome;
  wouldBe: Outcome;
  facts: Facts | null;
  /** Redacted; null when the policy keeps no content. */
  excerpt: string | null;
  /** The policy as it was: version and stage, with how the document had this control set; null when it is not known. */
  policy: { version: number; stage: Stage; sensitivity: Sensitivity | null } | null;
  /** Rulings without the queue, oldest first. */
  rulings: RulingView[];
  /** Reference of an open appeal. */
  openAppeal: string | null;
}

export interface RulingQueueView {
  /** Null when nothing fired anywhere in the window. */
  useCase: UseCaseRef | null;
  /** Where something fired in the window, the most findings first. */
  useCases: (UseCaseRef & { fired: number })[];
  from: string;
  to: string;
  /** How many rulings of each control the sample asks for. */
  target: number;
  mayRule: { allowed: boolean; why: string | null };
  /** What would act first, then by name. */
  controls: ControlProgress[];
  /** The next ones, in the order in which they are asked. */
  items: QueueFinding[];
  /** How many await a ruling under this filter. */
  awaiting: number;
}
