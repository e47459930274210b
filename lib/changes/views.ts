import type { ActionView, PersonRef } from "@/lib/people/views";
import type { PolicyDocument } from "@/lib/policy/document";
import type { FieldMove } from "@/lib/policy/lattice";
import type { Stage } from "@/lib/policy/vocabulary";
import type { ImpactView } from "@/lib/telemetry/views";
import type { Direction, FloorView, UseCaseRef } from "@/lib/use-cases/views";
import type { ChangeAction, ChangeStatus } from "./lifecycle";
import type { Seat } from "./rules";

export interface ChangeSummary {
  id: string;
  /** `CHG-204`. */
  ref: string;
  useCase: UseCaseRef;
  status: ChangeStatus;
  direction: Direction;
  stage: { from: Stage; to: Stage };
  justification: string;
  requestedBy: PersonRef;
  baseVersion: number;
  /** The version in force now. */
  currentVersion: number;
  /** Open, and the base version has moved: it can neither be approved nor applied until it is rebased. */
  conflicted: boolean;
  createdAt: string;
  submittedAt: string | null;
  closedAt: string | null;
  appliedAt: string | null;
  appliedVersion: number | null;
}

/** One place of the quorum. */
export interface SeatView {
  seat: Seat;
  /** 1, or 2 where two people of one seat are asked for. */
  place: number;
  title: string;
  /** Who may take it: active, and not the requester. */
  eligible: PersonRef[];
  filledBy: PersonRef | null;
  filledAt: string | null;
  note: string | null;
}

export interface TimelineItem {
  at: string;
  action:
    | "drafted"
    | "edited"
    | "submitted"
    | "approved"
    | "rejected"
    | "withdrawn"
    | "commented"
    | "applied";
  person: string;
  text: string | null;
  /** An approval of a proposal or of evidence that no longer stands: it does not count. */
  stale: boolean;
}

export interface ChangeView extends ChangeSummary {
  base: PolicyDocument;
  proposal: PolicyDocument;
  /** `sha256:<hex>` of base version and proposal; an approval names it. */
  proposalDigest: string;
  moves: FieldMove[];
  /** The floor under both, now or when the change was closed; null when there is none. */
  floor: FloorView | null;
  /** What moves in what is in force, the floor joined on both sides. */
  effectiveMoves: FieldMove[];
  /** The Cedar text in force before and after, the floor joined on both sides. */
  cedar: { before: string; after: string };
  /** The impact that approvers are shown; measured when it was submitted or last edited. */
  evidence: ImpactView | null;
  evidenceDigest: string | null;
  seats: SeatView[];
  quorumMet: boolean;
  /** What still blocks, in one sentence; null when nothing does. */
  blockedBy: string | null;
  timeline: TimelineItem[];
  actions: ActionView<ChangeAction>[];
}
