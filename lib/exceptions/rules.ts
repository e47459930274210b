import { ruleBroken } from "@/lib/errors";
import type { ExceptionScope } from "@/lib/policy/exception";
import { instantText } from "@/lib/policy/labels";
import type { Tier } from "@/lib/policy/vocabulary";
import type { SettingValue } from "@/lib/settings/schema";
import type { ExceptionStatus } from "./lifecycle";

const DAY_MS = 86_400_000;

/** A start may lie so long (ms) before the request: a form takes a while to fill in. It then starts with the request. */
export const START_TOLERANCE_MS = 3_600_000;

/** Longest life by tier, the cap of a chain of renewals, and when an exception counts as unused. */
export type ExceptionLimits = SettingValue<"exceptions">;

/** Does the scope leave the whole use case open? */
export function isBroad(scope: ExceptionScope): boolean {
  return Object.values(scope).every((list) => !list?.length);
}

/** When an exception that is asked for `now` starts: never before. Throws `backdated` for more than a slow form. */
export function startFrom(startsAt: Date, now: Date): Date {
  if (startsAt >= now) return startsAt;
  if (now.getTime() - startsAt.getTime() <= START_TOLERANCE_MS) return now;
  throw ruleBroken("backdated", "It would start before it is asked for. What has passed cannot be excepted.");
}

/**
 * Throws `longest-life` when it would live longer than the tier allows, or `already-expired` when its expiry is past.
 * Life is counted from its start, or from `now` when that is later: before its approval it spares nothing.
 */
export function assertLife(
  terms: { startsAt: Date; expiresAt: Date },
  tier: Tier,
  limits: ExceptionLimits,
  now: Date,
): void {
  if (terms.expiresAt <= now) throw ruleBroken("already-expired", "The expiry is already past.");
  const start = Math.max(terms.startsAt.getTime(), now.getTime());
  const longest = limits.longestLifeDays[tier];
  if (terms.expiresAt.getTime() - start > longest * DAY_MS) {
    throw ruleBroken(
      "longest-life",
      `An exception of a use case of tier ${tier} lives at most ${longest} days.`,
    );
  }
}

/** Days that a chain of renewals may live in all: so many times the longest life of the tier. */
export function chainCapDays(tier: Tier, limits: ExceptionLimits): number {
  return limits.chainMultiple * limits.longestLifeDays[tier];
}

/** When the first of a chain began to spare: its start, or its approval when that came later. */
export function chainSince(first: { startsAt: Date; decidedAt: Date | null }): Date {
  return first.decidedAt !== null && first.decidedAt > first.startsAt ? first.decidedAt : first.startsAt;
}

/** One of a chain, as far as it takes of the cap. */
interface Link {
  id: string;
  status: ExceptionStatus;
  expiresAt: Date;
  endedAt: Date | null;
}

const TAKES_TIME: readonly ExceptionStatus[] = ["approved", "revoked", "retired"];

/** When the last ends of those in a chain that were approved, and of the one with this id as it is asked for. */
export function chainUntil(links: readonly Link[], id: string): Date {
  const counted = links.filter((link) => link.id === id || TAKES_TIME.includes(link.status));
  return new Date(
    Math.max(
      ...counted.map(({ expiresAt, endedAt }) => Math.min(Number(expiresAt), Number(endedAt ?? expiresAt))),
    ),
  );
}

/** The latest expiry that the cap leaves to a chain. */
export function chainEnd(
  first: { startsAt: Date; decidedAt: Date | null },
  tier: Tier,
  limits: ExceptionLimits,
): Date {
  return new Date(chainSince(first).getTime() + chainCapDays(tier, limits) * DAY_MS);
}

/** Throws `chain-cap` when a renewal would make its chain older than the tier allows. */
export function assertChain(
  first: { startsAt: Date; decidedAt: Date | null },
  expiresAt: Date,
  tier: Tier,
  limits: ExceptionLimits,
): void {
  const end = chainEnd(first, tier, limits);
  if (expiresAt <= end) return;
  const days = chainCapDays(tier, limits);
  throw ruleBroken(
    "chain-cap",
    `Renewed again and again, an exception of a use case of tier ${tier} lives at most ${days} days in all: until ${instantText(end)}. Then the policy must change, or the use case.`,
  );
}

/** Was it in force for so long without sparing anything that it should be retired? `since`: in force since. */
export function isUnused(
  use: { since: Date; lastUsedAt: Date | null },
  limits: ExceptionLimits,
  now: Date,
): boolean {
  const bound = now.getTime() - limits.unusedDays * DAY_MS;
  return use.since.getTime() <= bound && (use.lastUsedAt === null || use.lastUsedAt.getTime() < bound);
}

/** How a person stood to an exception, or to an earlier one of its chain. */
export interface Stake {
  personId: string;
  as: "requested" | "risk_owner" | "business_owner" | "replaced_owner";
  /** The earlier exception that it renews, such as `EXC-31`; null for this one. */
  of: string | null;
}

/** Who stands on an exception now, and who did at any time before. */
export interface Parties {
  requestedById: string;
  riskOwnerId: string;
  businessOwnerId: string;
  before: readonly Stake[];
}

const STOOD: Record<Stake["as"], string> = {
  requested: "You requested",
  risk_owner: "You were the risk owner of",
  business_owner: "You were the business owner of",
  replaced_owner: "You replaced an owner of",
};

function stoodText({ as, of }: Stake): string {
  return of === null ? `${STOOD[as]} it.` : `${STOOD[as]} ${of}, which it renews.`;
}

/** Why this person may not decide on it, in one sentence; null when they may (their role is another question). */
export function decisionBar(parties: Parties, personId: string): string | null {
  if (personId === parties.requestedById) return "You requested it.";
  if (personId === parties.riskOwnerId) return "You are its risk owner.";
  if (personId === parties.businessOwnerId) return "You are its business owner.";
  const stake = parties.before.find((one) => one.personId === personId);
  return stake ? stoodText(stake) : null;
}

/** Why this person may not review it; null when they may. */
export function reviewBar(parties: Parties, personId: string): string | null {
  if (personId === parties.requestedById) return "You requested it.";
  if (personId === parties.businessOwnerId) return "You are its business owner.";
  const stake = parties.before.find(
    ({ personId: id, as, of }) => id === personId && as === "business_owner" && of === null,
  );
  return stake ? stoodText(stake) : null;
}
