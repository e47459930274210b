import type { Decision } from "./decision";

/** An hour of which decisions of a use case were recorded as they were made. */
export interface LiveHour {
  /** Tells it from all others; keys of one use case are in order of time. */
  key: string;
  useCaseId: string;
  hour: Date;
}

const HOUR_MS = 3_600_000;
/** How long after it happened what is observed may be told and still count as it happens. Exporters send in batches. */
export const LIVE_MS = 24 * HOUR_MS;

/**
 * Was it recorded as it was made? The decision point's own clock vouches for its decisions, those of the spool too. An
 * observation has its time from who tells it: `toldAt` may be a day after it, and a time that is named as made up
 * vouches for nothing.
 */
export function isLive(
  { kind, decidedAt, synthetic }: Pick<Decision, "kind" | "decidedAt" | "synthetic">,
  toldAt: Date,
): boolean {
  if (kind === "decision") return true;
  return toldAt.getTime() - decidedAt.getTime() <= LIVE_MS && !synthetic.includes("observedAt");
}

/** What the hour of a decision is known by. */
export function liveKey({ useCaseId, decidedAt }: Pick<Decision, "useCaseId" | "decidedAt">): string {
  return useCaseId + Math.floor(decidedAt.getTime() / HOUR_MS);
}

/** The hour of a decision. */
export function liveHourOf(decision: Pick<Decision, "useCaseId" | "decidedAt">): LiveHour {
  const hour = new Date(Math.floor(decision.decidedAt.getTime() / HOUR_MS) * HOUR_MS);
  return { key: liveKey(decision), useCaseId: decision.useCaseId, hour };
}
