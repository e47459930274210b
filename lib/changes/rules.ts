import { ruleBroken } from "@/lib/errors";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Tier } from "@/lib/policy/vocabulary";

export const SEATS = ["risk_owner", "security_lead"] as const;
export type Seat = (typeof SEATS)[number];

export type Direction = "equal" | "tightens" | "loosens" | "mixed";

export const SEAT_TITLES = {
  risk_owner: "Risk owner",
  security_lead: "Security lead",
} as const satisfies Record<Seat, string>;

/** Who must agree, by direction and tier (design: "Seats"). */
export const SEAT_TABLE = {
  tightens: {
    low: ["security_lead"],
    moderate: ["security_lead"],
    high: ["risk_owner", "security_lead"],
    critical: ["risk_owner", "security_lead"],
  },
  loosens: {
    low: ["risk_owner"],
    moderate: ["risk_owner", "security_lead"],
    high: ["risk_owner", "security_lead"],
    critical: ["risk_owner", "security_lead", "security_lead"],
  },
} as const satisfies Record<string, Record<Tier, readonly Seat[]>>;

/**
 * The seats of a change. What is mixed, or moves only neutral fields, asks as much as what loosens. A risk owner who
 * asks for it themselves cannot also approve it: a security lead takes that seat, so that as many people agree.
 */
export function seatsFor(direction: Direction, tier: Tier, askedByRiskOwner = false): readonly Seat[] {
  const seats: readonly Seat[] = SEAT_TABLE[direction === "tightens" ? "tightens" : "loosens"][tier];
  return askedByRiskOwner ? seats.map(() => "security_lead") : seats;
}

/** One place of the quorum: the nth person of a seat. */
export interface Place {
  seat: Seat;
  place: number;
}

/** The places of the quorum: a seat that is asked for twice has the places 1 and 2. */
export function placesFor(direction: Direction, tier: Tier, askedByRiskOwner = false): Place[] {
  const seats = seatsFor(direction, tier, askedByRiskOwner);
  return seats.map((seat, index) => ({
    seat,
    place: seats.slice(0, index + 1).filter((other) => other === seat).length,
  }));
}

/** A verdict as it is stored. */
export interface Approval {
  personId: string;
  seat: Seat;
  place: number;
  verdict: "approve" | "reject";
  proposalDigest: string;
  evidenceDigest: string;
}

/** What approvals are held against. */
export interface Standing {
  direction: Direction;
  tier: Tier;
  requestedById: string;
  riskOwnerId: string;
  proposalDigest: string;
  evidenceDigest: string | null;
  baseVersion: number;
  currentVersion: number;
}

function isAskedByRiskOwner(change: Standing): boolean {
  return change.requestedById === change.riskOwnerId;
}

/** Does the approval still count: same proposal, same evidence, and its risk owner still the named one? */
export function counts(approval: Approval, change: Standing): boolean {
  return (
    approval.verdict === "approve" &&
    approval.personId !== change.requestedById &&
    approval.proposalDigest === change.proposalDigest &&
    approval.evidenceDigest === change.evidenceDigest &&
    (approval.seat !== "risk_owner" || approval.personId === change.riskOwnerId)
  );
}

/** Until a change is closed, only those agree who could still take their seat: active, and of its role. */
export function holdsSeat(approval: {
  seat: Seat;
  person: { deactivatedAt: Date | null; roles: readonly { role: string }[] };
}): boolean {
  const { seat, person } = approval;
  return person.deactivatedAt === null && person.roles.some(({ role }) => role === seat);
}

export interface Quorum<A extends Approval> {
  filled: { place: Place; by: A }[];
  open: Place[];
  /** The base version moved: nothing counts until the request is rebased. */
  conflicted: boolean;
  met: boolean;
}

/** Which places are filled and which are open, computed from what holds now. One person fills one place. */
export function quorumOf<A extends Approval>(change: Standing, approvals: readonly A[]): Quorum<A> {
  const waiting = approvals.filter((approval) => counts(approval, change));
  const filled: Quorum<A>["filled"] = [];
  const open: Place[] = [];
  for (const place of placesFor(change.direction, change.tier, isAskedByRiskOwner(change))) {
    const by = waiting.find(
      (approval) =>
        approval.seat === place.seat && !filled.some((seat) => seat.by.personId === approval.personId),
    );
    if (by) filled.push({ place, by });
    else open.push(place);
  }
  const conflicted = change.baseVersion !== change.currentVersion;
  return { filled, open, conflicted, met: open.length === 0 && !conflicted };
}

/** A person as far as seats go. */
export interface Candidate {
  id: string;
  isSecurityLead: boolean;
  /** The named risk owner of the use case, holding that role. */
  isRiskOwner: boolean;
}

/** The seats that a person could take at all, the risk owner's first; an admin as such has none. */
export function seatsOf(person: Candidate): Seat[] {
  return SEATS.filter((seat) => (seat === "risk_owner" ? person.isRiskOwner : person.isSecurityLead));
}

/** The place that a person would take now, or why there is none. */
export function placeFor<A extends Approval>(
  person: Candidate,
  change: Standing,
  quorum: Quorum<A>,
): { place: Place } | { refused: "own-request" | "no-seat" | "has-seat" | "seat-taken" } {
  if (person.id === change.requestedById) return { refused: "own-request" };
  if (quorum.filled.some(({ by }) => by.personId === person.id)) return { refused: "has-seat" };
  const mine = seatsOf(person);
  const place = quorum.open.find((open) => mine.includes(open.seat));
  if (place) return { place };
  const seats = seatsFor(change.direction, change.tier, isAskedByRiskOwner(change));
  const wanted = seats.some((seat) => mine.includes(seat));
  return { refused: wanted ? "seat-taken" : "no-seat" };
}

/** Throws `rule` when the move of stage is not allowed, or when a limited policy enrols nothing. */
export function assertStageMove(base: PolicyDocument, proposal: PolicyDocument): void {
  if (base.stage === "logging" && proposal.stage === "enforcing") {
    throw ruleBroken(
      "limited-first",
      "A policy goes from logging to limited first, and to enforcing from there.",
    );
  }
  if (proposal.stage === "limited" && proposal.limited.controls.length === 0) {
    throw ruleBroken("limited-enrols", "A limited policy needs at least one enrolled control.");
  }
}
