import type { ActionView, PersonRef } from "@/lib/people/views";
import type { PolicyDocument } from "@/lib/policy/document";
import type { FieldMove } from "@/lib/policy/lattice";
import type { MergedField } from "@/lib/policy/merge";
import type { Stage, Tier } from "@/lib/policy/vocabulary";
import type { AcceptanceView, MendsView, ReadinessView } from "@/lib/readiness/views";
import type { FloorImpactView, ImpactView } from "@/lib/telemetry/views";
import type { Direction, FloorView, UseCaseRef } from "@/lib/use-cases/views";
import type { ChangeAction, ChangeStatus } from "./lifecycle";
import type { Seat } from "./rules";

/** What a change is of. */
export interface SubjectView {
  kind: "policy" | "floor" | "setting";
  /** Slug of the use case, data class, or key of the setting. */
  key: string;
  title: string;
}

/** How a change came in force without its seats. */
export type EmergencyKind = "break_glass" | "step_back" | "step_down";

export interface ChangeSummary {
  id: string;
  /** `CHG-204`. */
  ref: string;
  subject: SubjectView;
  /** Of a policy; null for floors and settings. */
  useCase: UseCaseRef | null;
  status: ChangeStatus;
  direction: Direction;
  /** Of policies and floors; null for settings. */
  stage: { from: Stage; to: Stage } | null;
  justification: string;
  /** Null when a safeguard asked. */
  requestedBy: PersonRef | null;
  emergency: EmergencyKind | null;
  baseVersion: number;
  /** The version in force now. */
  currentVersion: number;
  /** Open, and the base version has moved: it can neither be approved nor applied until it is rebased. */
  conflicted: boolean;
  createdAt: string;
  submittedAt: string | null;
  scheduledFor: string | null;
  closedAt: string | null;
  appliedAt: string | null;
  appliedVersion: number | null;
}

/** What approvers are shown beside the proposal, and what their approvals are bound to. */
export interface ChangeEvidence {
  schema: "sluice.change-evidence/v1";
  /** Absent in evidence that was measured before it was kept. */
  measuredAt?: string;
  /** Of a policy. */
  impact: ImpactView | null;
  /** Of a floor. */
  floorImpact: FloorImpactView | null;
  /** Of a policy; null where it was measured before readiness was. */
  readiness: ReadinessView | null;
  /** Why there is nothing of all that: an emergency waits for no measuring. Absent in what was measured. */
  notMeasured?: string;
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

/** Another open change that moves the same thing, or what stands under or above it. */
export interface CollisionView {
  id: string;
  ref: string;
  status: ChangeStatus;
  subject: SubjectView;
  /** Of the same policy, floor or setting: the second to be applied must be rebased. */
  sameThing: boolean;
  /** Titles of the fields that both move. */
  fields: string[];
}

/** Somebody who was asked to look. */
export interface ReviewerView {
  person: PersonRef;
  askedBy: PersonRef;
  at: string;
}

/** What broke the glass, until when it must be reviewed, and what came of that. */
export interface BrokenGlassView {
  by: PersonRef | null;
  dueAt: string;
  review: {
    verdict: "upheld" | "stepped_back" | "lapsed";
    by: PersonRef | null;
    note: string;
    at: string;
  } | null;
}

/** Another change that this one refers to. */
export interface ChangeRef {
  id: string;
  ref: string;
}

export interface TimelineItem {
  at: string;
  /** The audit action without its first word: `approved`, `broke_glass`. */
  action: string;
  person: string;
  text: string | null;
  /** An approval or acceptance of a proposal or of evidence that no longer stands: it does not count. */
  stale: boolean;
}

/** The content of a change: a document of a policy or a floor, or the value of a setting. */
export type ContentView = Record<string, unknown>;

export interface ChangeView extends ChangeSummary {
  /** Entity tag: another after every edit, verdict or move. Send it as `If-Match`. */
  revision: string;
  base: ContentView;
  proposal: ContentView;
  /** The same as documents, of policies and floors. */
  documents: { base: PolicyDocument; proposal: PolicyDocument } | null;
  /** `sha256:<hex>` of base version and proposal; an approval names it. */
  proposalDigest: string;
  moves: FieldMove[];
  /** The floor under a policy, now or when the change was closed; null when there is none. */
  floor: FloorView | null;
  /** What moves in what is in force, the floor joined on both sides. */
  effectiveMoves: FieldMove[];
  /** The Cedar text in force before and after, the floor joined on both sides; null for settings. */
  cedar: { before: string; after: string } | null;
  /** Measured when it was submitted, edited, or measured anew; null for a draft. */
  evidence: ChangeEvidence | null;
  evidenceDigest: string | null;
  /** Of unmet conditions of readiness; those of other evidence are not `current`. */
  acceptances: AcceptanceView[];
  /** Ids of the unmet conditions that the risk owner has not accepted. */
  unaccepted: string[];
  /** What the reader may do about such conditions; null for floors and settings. */
  mends: MendsView | null;
  /** The tier by which a policy's seats are asked; null for floors and settings. */
  seatsTier: Tier | null;
  seats: SeatView[];
  quorumMet: boolean;
  /** What still blocks, in one sentence; null when nothing does. */
  blockedBy: string | null;
  /** The window during which it may not be applied, if it is now; of its use cases the names of those that the window names. */
  freeze: { name: string; from: string; to: string; named: string[] } | null;
  collisions: CollisionView[];
  reviewers: ReviewerView[];
  scheduledBy: PersonRef | null;
  /** Hours in which somebody else must review it, should the glass be broken for it. */
  reviewHours: number;
  brokenGlass: BrokenGlassView | null;
  /** What it takes back. */
  reverts: ChangeRef | null;
  revertedBy: (ChangeRef & { status: ChangeStatus; emergency: EmergencyKind | null })[];
  timeline: TimelineItem[];
  actions: ActionView<ChangeAction>[];
}

/** What rebasing would do, field by field. */
export interface RebaseView {
  baseVersion: number;
  ontoVersion: number;
  fields: MergedField[];
}
