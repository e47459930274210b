import { ruleBroken } from "@/lib/errors";
import type { ExceptionScope } from "@/lib/policy/exception";
import type { Tier } from "@/lib/policy/vocabulary";

const DAY_MS = 86_400_000;

/** Longest life of an exception by risk tier, in days (design: "Exceptions"). */
export const LONGEST_LIFE_DAYS = {
  low: 180,
  moderate: 90,
  high: 30,
  critical: 14,
} as const satisfies Record<Tier, number>;

/** Does the scope leave the whole use case open? */
export function isBroad(scope: ExceptionScope): boolean {
  return Object.values(scope).every((list) => !list?.length);
}

/** Days until expiry, rounded up, so that what has not expired never says 0. */
export function daysUntil(expiresAt: Date, now: Date): number {
  return Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / DAY_MS));
}

/** Throws `rule` when it would live longer than the tier allows, or when its expiry is already past. */
export function assertLife(terms: { startsAt: Date; expiresAt: Date }, tier: Tier, now: Date): void {
  if (terms.expiresAt <= now) throw ruleBroken("already-expired", "The expiry is already past.");
  const days = (terms.expiresAt.getTime() - terms.startsAt.getTime()) / DAY_MS;
  if (days > LONGEST_LIFE_DAYS[tier]) {
    throw ruleBroken(
      "longest-life",
      `An exception of a use case of tier ${tier} lives at most ${LONGEST_LIFE_DAYS[tier]} days.`,
    );
  }
}

/** Who stands on an exception. */
export interface Parties {
  requestedById: string;
  riskOwnerId: string;
  businessOwnerId: string;
}

/** Why this person may not decide on it, in one sentence; null when they may (their role is another question). */
export function decisionBar(parties: Parties, personId: string): string | null {
  if (personId === parties.requestedById) return "You requested it.";
  if (personId === parties.riskOwnerId) return "You are its risk owner.";
  if (personId === parties.businessOwnerId) return "You are its business owner.";
  return null;
}

/** Why this person may not review it; null when they may. */
export function reviewBar(parties: Parties, personId: string): string | null {
  if (personId === parties.requestedById) return "You requested it.";
  if (personId === parties.businessOwnerId) return "You are its business owner.";
  return null;
}
