import type { ActionView, PersonRef } from "@/lib/people/views";
import type { ExceptionScope } from "@/lib/policy/exception";
import type { Stage } from "@/lib/policy/vocabulary";
import type { UseCaseRef } from "@/lib/use-cases/views";
import type { ExceptionAction, ExceptionStatus } from "./lifecycle";
import type { EXCEPTION_STATES, ExceptionCategory, OwnerKind } from "./schema";

/** The stored status, or, once approved, what time makes of it. */
export type ExceptionStateView = (typeof EXCEPTION_STATES)[number];

/** An owner; once not active, the exception is up for reassignment. */
export interface OwnerRef extends PersonRef {
  active: boolean;
}

export interface ExceptionSummary {
  id: string;
  /** `EXC-31`. */
  ref: string;
  useCase: UseCaseRef;
  controls: { id: string; title: string }[];
  scope: ExceptionScope;
  /** An empty scope: the whole use case. */
  broad: boolean;
  category: ExceptionCategory;
  status: ExceptionStatus;
  /** At the moment of the question. */
  state: ExceptionStateView;
  riskOwner: OwnerRef;
  businessOwner: OwnerRef;
  requestedBy: PersonRef;
  startsAt: string;
  expiresAt: string;
  reviewAt: string;
  reviewedAt: string | null;
  /** Its review is past its day; after the grace it is suspended. */
  overdue: boolean;
  /** Since when it is suspended for an overdue review; null when it is not. */
  suspendedSince: string | null;
  /** Whole days until expiry; 0 on the last day and when expired or ended; null before approval. */
  daysLeft: number | null;
  /** Whole hours until expiry; null before approval and when expired or ended. */
  hoursLeft: number | null;
  /** Days since the first of its chain began to spare, rounded down; null for what does not live. */
  ageDays: number | null;
  /** How many decisions it has spared. */
  used: number;
  /** The hour in which it last spared one. */
  lastUsedAt: string | null;
  /** In force, and spared nothing for so long that it is proposed for retirement. */
  unused: boolean;
  /** An owner is deactivated: up for reassignment. */
  reassign: boolean;
  /** The exception that it renews, such as `EXC-31`. */
  renews: string | null;
  createdAt: string;
}

/** One exception of a chain of renewals. */
export interface ChainLinkView {
  ref: string;
  state: ExceptionStateView;
  startsAt: string;
  expiresAt: string;
  endedAt: string | null;
  /** The one that is looked at. */
  own: boolean;
}

/** The chain of renewals that an exception stands in, and what its cap leaves. */
export interface ChainView {
  links: ChainLinkView[];
  /** When the first began to spare. */
  since: string;
  /** When the last ends of those that were approved and this one. */
  until: string;
  /** Days from `since` to `until`, rounded up. */
  days: number;
  /** Days that a chain may live in this tier. */
  capDays: number;
  /** The latest expiry that the cap allows. */
  endsAt: string;
  /** Days between `until` and that, rounded down; 0 when nothing is left. */
  leftDays: number;
}

export interface ReassignmentView {
  at: string;
  owner: OwnerKind;
  from: PersonRef;
  to: PersonRef;
  by: PersonRef;
  reason: string;
}

export interface ExceptionView extends ExceptionSummary {
  /** Of the use case's policy in force; null while it has none. */
  stage: Stage | null;
  justification: string;
  compensatingControls: string;
  /** `sha256:<hex>` of the terms; an approval names it. */
  termsDigest: string;
  submittedAt: string | null;
  decidedBy: PersonRef | null;
  decidedAt: string | null;
  decisionNote: string | null;
  endedAt: string | null;
  endedReason: string | null;
  reviews: { at: string; by: PersonRef; note: string; nextReviewAt: string }[];
  reassignments: ReassignmentView[];
  /** Each time that its expiry was made an earlier one. */
  shortenings: { at: string; by: PersonRef; from: string; to: string; reason: string }[];
  chain: ChainView;
  timeline: { at: string; action: string; person: string; text: string | null }[];
  actions: ActionView<ExceptionAction>[];
}

/** How many decisions there are of one control or workload. */
export interface CountBy {
  key: string;
  n: number;
}

/** Decisions by what would stop them: what the policy does, or would do were it enforcing. */
export interface StoppedCounts {
  block: number;
  require_approval: number;
  redact: number;
}

/** What an exception would spare of the recorded decisions of a window, under the policy in force now. */
export interface SparedView {
  from: string;
  to: string;
  /** Decisions of the window. */
  decisions: number;
  /** Of which it would spare a finding that nothing else spares. */
  spared: number;
  /** Of which it would spare only findings that another exception spares already. */
  already: number;
  /** Of which it cannot be known: what is looked for in content was not looked for then, or the record is gone. */
  unknown: number;
  /** Of the spared, those that would not get through without it, as the policy stands. */
  stops: StoppedCounts;
  /** The same were the policy enforcing. */
  wouldStop: StoppedCounts;
  /** Days of the window that have traffic to tell from, at least 1. */
  days: number;
  byControl: CountBy[];
  byWorkload: CountBy[];
}

/** How often an exception spared: a day each, all days of the window. */
export interface UsageView {
  from: string;
  to: string;
  days: { day: string; n: number }[];
  total: number;
  /** Ever. */
  used: number;
  lastUsedAt: string | null;
  /** What would happen per day if it lapsed now; null when it does not live. */
  forecast: SparedView | null;
}

/** What became of one exception of several that were reviewed at once. */
export interface ReviewedView {
  id: string;
  ref: string;
  done: boolean;
  /** Why it was not done. */
  why: string | null;
}

export interface CalendarEvent {
  at: string;
  kind: "starts" | "review" | "expires";
  ref: string;
  useCase: string;
  riskOwner: string;
  state: ExceptionStateView;
}

/** How many exceptions were in force at the end of a day, by age and by tier. */
export interface SprawlPoint {
  day: string;
  total: number;
  byAge: Record<string, number>;
  byTier: Record<string, number>;
}

export interface SprawlView {
  points: SprawlPoint[];
  ages: string[];
}
