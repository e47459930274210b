import type { PolicyDocument } from "@/lib/policy/document";
import { compare, type Direction } from "@/lib/policy/lattice";
import type { Tier } from "@/lib/policy/vocabulary";
import { SEATS, type Seat, type SettingValue } from "@/lib/settings/schema";

export type { Direction, Seat };

export const SEAT_TITLES = {
  risk_owner: "Risk owner",
  security_lead: "Security lead",
} as const satisfies Record<Seat, string>;

/** The setting `seats`: who must agree. */
export type SeatTable = SettingValue<"seats">;

/** What a change weighs: the tier of a policy's use case, or `organisation` for floors and settings. */
export type Weight = Tier | "organisation";

/**
 * The seats of a change (design: "Seats"). What is mixed, or moves only neutral fields, asks as much as what loosens.
 * A risk owner who asks for it themselves cannot also approve it: a security lead takes that seat, so that as many
 * people agree.
 */
export function seatsFor(
  table: SeatTable,
  direction: Direction,
  weight: Weight,
  askedByRiskOwner = false,
): readonly Seat[] {
  const way = direction === "tightens" ? "tightens" : "loosens";
  const seats = weight === "organisation" ? table.organisation[way] : table.policy[way][weight];
  return askedByRiskOwner ? seats.map(() => "security_lead") : seats;
}

/** Neither stricter nor looser, and yet not to be had with the few seats of what tightens. */
const OWN_WORD: readonly string[] = ["safeguard", "capture"];

/**
 * Which way a policy moves, as its seats are asked: what tightens and moves the safeguard (which may lower the stage) or
 * what is kept of content too, is mixed.
 */
export function compareForSeats(from: PolicyDocument, to: PolicyDocument): ReturnType<typeof compare> {
  const { direction, moves } = compare(from, to);
  const ridesAlong = direction === "tightens" && moves.some(({ path }) => OWN_WORD.includes(path));
  return { direction: ridesAlong ? "mixed" : direction, moves };
}

/** One place of the quorum: the nth person of a seat. */
export interface Place {
  seat: Seat;
  place: number;
}

/** The places of the quorum: a seat that is asked for twice has the places 1 and 2. */
export function placesFor(seats: readonly Seat[]): Place[] {
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
  /** Whom it asks. */
  seats: readonly Seat[];
  /** Null when a safeguard asked. */
  requestedById: string | null;
  /** The named risk owner; null for floors and settings, where any risk owner may take that seat. */
  riskOwnerId: string | null;
  proposalDigest: string;
  evidenceDigest: string | null;
  baseVersion: number;
  currentVersion: number;
  /** Conditions of readiness that are not met and that the risk owner has not accepted. */
  unaccepted: readonly string[];
}

/** Does the approval still count: same proposal, same evidence, and its risk owner still the named one? */
export function counts(approval: Approval, change: Standing): boolean {
  return (
    approval.verdict === "approve" &&
    approval.personId !== change.requestedById &&
    approval.proposalDigest === change.proposalDigest &&
    approval.evidenceDigest === change.evidenceDigest &&
    (approval.seat !== "risk_owner" ||
      change.riskOwnerId === null ||
      approval.personId === change.riskOwnerId)
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
  /** Every place is filled, the base stands, and what is not ready is accepted. */
  met: boolean;
}

/** Which places are filled and which are open, computed from what holds now. One person fills one place. */
export function quorumOf<A extends Approval>(change: Standing, approvals: readonly A[]): Quorum<A> {
  const waiting = approvals.filter((approval) => counts(approval, change));
  const filled: Quorum<A>["filled"] = [];
  const open: Place[] = [];
  for (const place of placesFor(change.seats)) {
    const by = waiting.find(
      (approval) =>
        approval.seat === place.seat && !filled.some((seat) => seat.by.personId === approval.personId),
    );
    if (by) filled.push({ place, by });
    else open.push(place);
  }
  const conflicted = change.baseVersion !== change.currentVersion;
  const met = open.length === 0 && !conflicted && change.unaccepted.length === 0;
  return { filled, open, conflicted, met };
}

/** A person as far as seats go. */
export interface Candidate {
  id: string;
  isSecurityLead: boolean;
  /** The named risk owner of the use case, holding that role; of floors and settings whoever holds it. */
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
  const wanted = change.seats.some((seat) => mine.includes(seat));
  return { refused: wanted ? "seat-taken" : "no-seat" };
}

/** An acceptance of a condition that is not met, as it is stored. */
export interface Acceptance {
  personId: string;
  condition: string;
  proposalDigest: string;
  evidenceDigest: string;
}

/** The unmet conditions that the named risk owner has not accepted for exactly this proposal and evidence. */
export function unacceptedOf(
  unmet: readonly string[],
  acceptances: readonly Acceptance[],
  change: { riskOwnerId: string | null; proposalDigest: string; evidenceDigest: string | null },
): string[] {
  const accepted = acceptances.filter(
    ({ personId, proposalDigest, evidenceDigest }) =>
      personId === change.riskOwnerId &&
      proposalDigest === change.proposalDigest &&
      evidenceDigest === change.evidenceDigest,
  );
  return unmet.filter((id) => !accepted.some(({ condition }) => condition === id));
}

const HOUR_MS = 3_600_000;

/** Hours that somebody else has to review a change that broke the glass. What is mixed counts as loosening. */
export function reviewHours(direction: Direction, emergencies: SettingValue<"emergencies">): number {
  return emergencies.reviewHours[direction === "tightens" ? "tightens" : "loosens"];
}

/** When a change that broke the glass steps back unless somebody else has reviewed it. */
export function reviewDueAt(
  direction: Direction,
  emergencies: SettingValue<"emergencies">,
  appliedAt: Date,
): Date {
  return new Date(appliedAt.getTime() + reviewHours(direction, emergencies) * HOUR_MS);
}

/** Has the time come? At the instant itself it has. */
export function isDue(dueAt: Date, now: Date): boolean {
  return now.getTime() >= dueAt.getTime();
}

/** The document a stage lower, as a safeguard lowers it; null when there is none. Limited needs something enrolled. */
export function steppedDown(document: PolicyDocument): PolicyDocument | null {
  if (document.stage === "logging") return null;
  const isLimitable = document.stage === "enforcing" && document.limited.controls.length > 0;
  return { ...document, stage: isLimitable ? "limited" : "logging" };
}
