import type { Facts } from "./facts";
import { globMatches } from "./glob";

/** To what part of a use case an exception is limited; an absent or empty list does not limit. */
export interface ExceptionScope {
  workloads?: string[];
  /** Globs. */
  models?: string[];
  /** Globs. */
  tools?: string[];
  dataClasses?: string[];
  /** Globs over hosts. */
  destinations?: string[];
  purposes?: string[];
  environments?: string[];
}

/** An approved exception as the evaluator sees it. */
export interface PolicyExceptionTerms {
  id: string;
  /** Short reference, such as `EXC-31`. */
  ref: string;
  /** Slug. */
  useCase: string;
  /** Ids of controls. */
  controls: string[];
  scope: ExceptionScope;
  /** Name of the risk owner. */
  riskOwner: string;
  startsAt: Date;
  expiresAt: Date;
  /** When the next review is due. */
  reviewAt: Date;
  /** When it was last reviewed. */
  reviewedAt: Date | null;
  /** When it was revoked or retired. */
  endedAt: Date | null;
  approvedAt: Date;
}

export type ExceptionState = "scheduled" | "in_force" | "review_overdue" | "expired" | "ended";

/** A review may be this late (7 days, in milliseconds) before the exception is suspended. */
export const REVIEW_GRACE_MS = 7 * 86_400_000;

function isSuspended(terms: PolicyExceptionTerms, now: number): boolean {
  if (now < terms.reviewAt.getTime() + REVIEW_GRACE_MS) return false;
  const reviewed = terms.reviewedAt?.getTime();
  return reviewed === undefined || reviewed < terms.reviewAt.getTime() || now < reviewed;
}

/**
 * Where an approved exception stands at an instant. In force from the later of start and approval up to, not
 * including, the earlier of expiry and end; suspended (`review_overdue`) while a review is over 7 days late.
 */
export function stateAt(terms: PolicyExceptionTerms, now: Date): ExceptionState {
  const at = now.getTime();
  if (terms.endedAt !== null && at >= terms.endedAt.getTime() && terms.endedAt < terms.expiresAt)
    return "ended";
  if (at >= terms.expiresAt.getTime()) return "expired";
  if (at < terms.startsAt.getTime() || at < terms.approvedAt.getTime()) return "scheduled";
  return isSuspended(terms, at) ? "review_overdue" : "in_force";
}

/** Does it spare anything at this instant? To the millisecond, start included, expiry not. */
export function isInForce(terms: PolicyExceptionTerms, now: Date): boolean {
  return stateAt(terms, now) === "in_force";
}

/** The instants at which `isInForce` may change its answer, sorted, each once. Between two of them it is constant. */
export function boundaries(terms: PolicyExceptionTerms): Date[] {
  const suspension = new Date(terms.reviewAt.getTime() + REVIEW_GRACE_MS);
  const instants = [terms.startsAt, terms.approvedAt, suspension, terms.expiresAt];
  if (terms.reviewedAt !== null) instants.push(terms.reviewedAt);
  if (terms.endedAt !== null) instants.push(terms.endedAt);
  return [...new Set(instants.map(Number))].sort((a, b) => a - b).map((instant) => new Date(instant));
}

function admits(list: readonly string[] | undefined, value: string | undefined): boolean {
  return !list?.length || (value !== undefined && list.includes(value));
}

function admitsGlob(list: readonly string[] | undefined, value: string | undefined): boolean {
  return !list?.length || (value !== undefined && list.some((glob) => globMatches(glob, value)));
}

/**
 * Is this control, fired on these facts, within the exception's use case, controls and scope? Says nothing of time.
 * A limited dimension that the request does not state is not covered. `hosts` are the links that made
 * `unknown-links` fire; for that control each of them must be in scope.
 */
export function covers(
  terms: PolicyExceptionTerms,
  facts: Facts,
  control: string,
  hosts: readonly string[] = Object.keys(facts.links),
): boolean {
  const { scope } = terms;
  if (terms.useCase !== facts.useCase || !terms.controls.includes(control)) return false;
  const destinations = control === "unknown-links" ? hosts : [facts.destination];
  return (
    admits(scope.workloads, facts.workload) &&
    admitsGlob(scope.models, facts.model) &&
    admitsGlob(scope.tools, facts.tool) &&
    admits(scope.dataClasses, facts.dataClass) &&
    admits(scope.purposes, facts.purpose) &&
    admits(scope.environments, facts.environment) &&
    destinations.every((host) => admitsGlob(scope.destinations, host))
  );
}
