import type { ChangeStatus } from "@/lib/changes/lifecycle";
import type { Direction, FieldMove } from "@/lib/policy/lattice";

/** A policy document beside the one in force. */
export interface PolicyComparison {
  /** Slug. */
  useCase: string;
  /** The version in force, which it was compared with, and its digest. */
  version: number;
  digest: string;
  /** Digest of the document that was sent. */
  proposedDigest: string;
  same: boolean;
  direction: Direction;
  moves: FieldMove[];
  /** What moves in what is in force, the organisation's floor joined on both sides. */
  effective: { direction: Direction; moves: FieldMove[] };
}

/** What became of a document that was proposed. Nothing is in force by it. */
export interface ProposalView {
  /** `unchanged`: it is what is in force, and no change is needed. `existing`: it was proposed before. */
  outcome: "created" | "existing" | "updated" | "unchanged";
  useCase: string;
  /** The version in force. */
  version: number;
  digest: string;
  change: ProposedChange | null;
}

export interface ProposedChange {
  ref: string;
  /** Of its page, below the console's address. */
  path: string;
  status: ChangeStatus;
  direction: Direction;
  moves: FieldMove[];
  /** Of the last 30 days, as approvers see it; null for a draft, which is measured when it is submitted. */
  impact: { decisions: number; stricter: number; looser: number; notReplayable: number } | null;
  seats: { title: string; eligible: string[]; filledBy: string | null }[];
  /** What still blocks, in one sentence; null when nothing does. */
  waitsFor: string | null;
}
