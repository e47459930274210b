import type { ActionView, PersonRef } from "@/lib/people/views";
import type { Page } from "@/lib/schema";
import type { UseCaseRef } from "@/lib/use-cases/views";
import type { DriftState, IncidentAction, IncidentStatus } from "./lifecycle";
import type { DriftDimension } from "./rules";

/** Views of drift: plain JSON, instants as ISO 8601 UTC text. */

export const DRIFT_ANSWERS = ["declare", "except", "mark"] as const;
export type DriftAnswer = (typeof DRIFT_ANSWERS)[number];

/** A value that traffic showed and the policy in force does not declare. */
export interface DriftRow {
  /** Names it among all rows. */
  key: string;
  useCase: UseCaseRef;
  dimension: DriftDimension;
  value: string;
  /** The controls that fire on it, where they are bound. */
  controls: { id: string; title: string }[];
  /** Decisions of the window. */
  n: number;
  /** Of which exceptions in force cover. */
  covered: number;
  exceptions: { ref: string; expiresAt: string }[];
  firstSeenAt: string;
  /** The hour in which it was last seen (its start, or the first sight of it). */
  lastSeenAt: string;
  /** Most decisions first. */
  workloads: { slug: string; n: number }[];
  state: DriftState;
  /** Its newest incident. */
  incident: { ref: string; status: IncidentStatus; closedAt: string | null } | null;
  /** Met after its incident was closed. */
  seenAgain: boolean;
  /** The organisation's floor excludes it: to declare it would change nothing. */
  floorBars: boolean;
  /** The three answers, and for each whether this viewer may give it. */
  answers: ActionView<DriftAnswer>[];
}

export interface DriftListView extends Page<DriftRow> {
  /** What is counted begins here, up to three hours before the days that were asked for. */
  from: string;
  to: string;
  /** How many values stand in each state, under the same use case and dimension. */
  counts: Record<DriftState, number>;
  /** Where values were seen and nothing is declared: nothing drifts there. */
  notBaselined: { useCase: UseCaseRef; dimensions: DriftDimension[] }[];
}

export interface IncidentView {
  id: string;
  /** `INC-3`. */
  ref: string;
  useCase: UseCaseRef;
  dimension: DriftDimension;
  value: string;
  /** What traffic showed when it was marked. */
  n: number;
  firstSeenAt: string;
  lastSeenAt: string;
  workloads: string[];
  note: string;
  markedBy: PersonRef;
  markedAt: string;
  status: IncidentStatus;
  closedBy: PersonRef | null;
  closedAt: string | null;
  closingNote: string | null;
  actions: ActionView<IncidentAction>[];
}
