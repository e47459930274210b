import { getControl } from "@/lib/policy/catalogue";
import { type ExceptionScope, REVIEW_GRACE_MS } from "@/lib/policy/exception";
import { daysLeft, hoursLeft } from "@/lib/policy/time-left";
import { toUseCaseRef } from "@/lib/use-cases/refs";
import type { At } from "./may";
import { firstOf, linksOf } from "./refs";
import { type ExceptionRow, refOf } from "./row";
import { chainCapDays, chainEnd, chainSince, chainUntil, isBroad, isUnused } from "./rules";
import { stateOf, toTerms } from "./terms";
import type { Use } from "./use";
import type { ChainView, ExceptionSummary, OwnerRef } from "./views";

const DAY_MS = 86_400_000;

type Owner = ExceptionRow["riskOwner"];

function toOwner({ id, name, deactivatedAt }: Owner): OwnerRef {
  return { id, name, active: deactivatedAt === null };
}

/** What the register and every filter of it are told from. */
export interface Standing {
  status: ExceptionRow["status"];
  startsAt: Date;
  expiresAt: Date;
  reviewAt: Date;
  reviewedAt: Date | null;
  endedAt: Date | null;
  decidedAt: Date | null;
  riskOwner: { deactivatedAt: Date | null };
  businessOwner: { deactivatedAt: Date | null };
  root: { startsAt: Date; decidedAt: Date | null } | null;
}

/** What time, use and owners make of an exception at an instant. */
export function standingOf(row: Standing, use: Use, { now, limits }: At) {
  const state = stateOf(row, now);
  const lives = state === "in_force" || state === "review_overdue";
  const isReviewed = row.reviewedAt !== null && row.reviewedAt >= row.reviewAt;
  const isOpen = ["draft", "submitted", "approved"].includes(row.status) && state !== "expired";
  return {
    state,
    overdue: lives && row.reviewAt <= now && !isReviewed,
    suspendedSince: state === "review_overdue" ? new Date(row.reviewAt.getTime() + REVIEW_GRACE_MS) : null,
    unused: state === "in_force" && isUnused({ since: chainSince(row), ...use }, limits, now),
    reassign: isOpen && (row.riskOwner.deactivatedAt !== null || row.businessOwner.deactivatedAt !== null),
    ageDays: lives ? Math.floor((now.getTime() - chainSince(row.root ?? row).getTime()) / DAY_MS) : null,
  };
}

/** A line of the register. */
export function toSummary(row: ExceptionRow, use: Use, at: At): ExceptionSummary {
  const scope = row.scope as ExceptionScope;
  const { suspendedSince, ...standing } = standingOf(row, use, at);
  return {
    id: row.id,
    ref: refOf(row),
    useCase: toUseCaseRef(row.useCase),
    controls: row.controls.map((id) => ({ id, title: getControl(id)?.title ?? id })),
    scope,
    broad: isBroad(scope),
    category: row.category,
    status: row.status,
    ...standing,
    suspendedSince: suspendedSince?.toISOString() ?? null,
    riskOwner: toOwner(row.riskOwner),
    businessOwner: toOwner(row.businessOwner),
    requestedBy: row.requestedBy,
    startsAt: row.startsAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    reviewAt: row.reviewAt.toISOString(),
    reviewedAt: row.reviewedAt?.toISOString() ?? null,
    ...leftOf(row, at.now),
    used: use.n,
    lastUsedAt: use.lastUsedAt?.toISOString() ?? null,
    renews: row.renews ? refOf(row.renews) : null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** What is left until it expires; an approval that has ended, or is past its expiry, leaves nothing. */
function leftOf(row: ExceptionRow, now: Date): Pick<ExceptionSummary, "daysLeft" | "hoursLeft"> {
  if (toTerms(row) === null) return { daysLeft: null, hoursLeft: null };
  if (row.endedAt !== null || row.expiresAt <= now) return { daysLeft: 0, hoursLeft: null };
  return { daysLeft: daysLeft(row.expiresAt, now), hoursLeft: hoursLeft(row.expiresAt, now) };
}

/** The chain of renewals, how old it gets with this one, and what the cap leaves. */
export function toChain(row: ExceptionRow, { now, limits }: At): ChainView {
  const [first, { tier }] = [firstOf(row), row.useCase];
  const [since, end] = [chainSince(first), chainEnd(first, tier, limits)];
  const until = chainUntil(linksOf(row), row.id);
  return {
    links: linksOf(row).map((link) => ({
      ref: refOf(link),
      state: stateOf(link, now),
      startsAt: link.startsAt.toISOString(),
      expiresAt: link.expiresAt.toISOString(),
      endedAt: link.endedAt?.toISOString() ?? null,
      own: link.id === row.id,
    })),
    since: since.toISOString(),
    until: until.toISOString(),
    days: Math.max(0, Math.ceil((until.getTime() - since.getTime()) / DAY_MS)),
    capDays: chainCapDays(tier, limits),
    endsAt: end.toISOString(),
    leftDays: Math.max(0, Math.floor((end.getTime() - until.getTime()) / DAY_MS)),
  };
}
