import type { ActionView, PersonRef } from "@/lib/people/views";
import type { ExceptionScope } from "@/lib/policy/exception";
import type { UseCaseRef } from "@/lib/use-cases/views";
import type { ExceptionAction, ExceptionStatus } from "./lifecycle";
import type { EXCEPTION_STATES, ExceptionCategory } from "./schema";

/** The stored status, or, once approved, what time makes of it. */
export type ExceptionStateView = (typeof EXCEPTION_STATES)[number];

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
  riskOwner: PersonRef;
  businessOwner: PersonRef;
  requestedBy: PersonRef;
  startsAt: string;
  expiresAt: string;
  reviewAt: string;
  reviewedAt: string | null;
  /** Until expiry, rounded up; 0 when expired or ended; null before approval. */
  daysLeft: number | null;
  /** How many decisions it has spared. */
  used: number;
  createdAt: string;
}

export interface ExceptionView extends ExceptionSummary {
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
  timeline: { at: string; action: string; person: string; text: string | null }[];
  actions: ActionView<ExceptionAction>[];
}
