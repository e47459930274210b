import type { PersonActor } from "@/lib/access/context";
import { can, type Relation } from "@/lib/access/permissions";
import { decisionBar, type Parties, reviewBar } from "@/lib/exceptions/rules";
import { type PolicyExceptionTerms, stateAt } from "@/lib/policy/exception";
import { DAY_MS } from "./rules";

/** How long before a review or an expiry it is shown to those who can act, in days. */
export const AHEAD_DAYS = 14;

/** May the person decide on a submitted exception? */
export function waitsForDecision(person: PersonActor, parties: Parties, relation: Relation): boolean {
  return can(person, "exception:approve", relation) && decisionBar(parties, person.id) === null;
}

type Terms = Pick<
  PolicyExceptionTerms,
  "startsAt" | "expiresAt" | "reviewAt" | "reviewedAt" | "endedAt" | "approvedAt"
>;

/** Is its review due within two weeks, or overdue, and may the person do it? */
export function waitsForReview(
  person: PersonActor,
  exception: Terms & Parties,
  relation: Relation,
  now: Date,
): boolean {
  const state = stateAt(asTerms(exception), now);
  const isReviewed = exception.reviewedAt !== null && exception.reviewedAt >= exception.reviewAt;
  return (
    (state === "in_force" || state === "review_overdue") &&
    !isReviewed &&
    exception.reviewAt < exception.expiresAt &&
    exception.reviewAt.getTime() <= now.getTime() + AHEAD_DAYS * DAY_MS &&
    can(person, "exception:review", relation) &&
    reviewBar(exception, person.id) === null
  );
}

/** Its owners, as far as reassignment asks. */
export interface Owned {
  riskOwner: { deactivatedAt: Date | null };
  businessOwner: { deactivatedAt: Date | null };
}

/** Is one of its owners deactivated, and may the person name another? */
export function waitsForOwner(
  person: PersonActor,
  { riskOwner, businessOwner }: Owned,
  relation: Relation,
): boolean {
  const hasLeft = riskOwner.deactivatedAt !== null || businessOwner.deactivatedAt !== null;
  return hasLeft && can(person, "exception:reassign", relation);
}

/**
 * Does a campaign wait for this person's word on it? It goes to its risk owner; to everyone else who may review it when
 * the risk owner left or may not.
 */
export function waitsForRecertification(
  person: PersonActor,
  exception: Terms & Parties & Owned & { shortenedAt: Date | null },
  campaign: { startedAt: Date },
  relation: Relation,
  now: Date,
): boolean {
  const state = stateAt(asTerms(exception), now);
  const isDone = [exception.reviewedAt, exception.shortenedAt].some(
    (at) => at !== null && at >= campaign.startedAt,
  );
  const goesToRiskOwner =
    exception.riskOwner.deactivatedAt === null && reviewBar(exception, exception.riskOwnerId) === null;
  return (
    !isDone &&
    (state === "scheduled" || state === "in_force" || state === "review_overdue") &&
    (goesToRiskOwner ? person.id === exception.riskOwnerId : true) &&
    can(person, "exception:review", relation) &&
    reviewBar(exception, person.id) === null
  );
}

/** Does it end within two weeks, and is the person one of those who answer for it? */
export function warnsOfExpiry(
  person: PersonActor,
  exception: Terms & Parties,
  relation: Relation,
  now: Date,
): boolean {
  const isOwner =
    [exception.requestedById, exception.riskOwnerId, exception.businessOwnerId].includes(person.id) ||
    relation.isApplicationOwner;
  return (
    isOwner &&
    stateAt(asTerms(exception), now) === "in_force" &&
    exception.expiresAt.getTime() <= now.getTime() + AHEAD_DAYS * DAY_MS
  );
}

function asTerms(terms: Terms): PolicyExceptionTerms {
  return { id: "", ref: "", useCase: "", controls: [], scope: {}, riskOwner: "", ...terms };
}
