import { isInForce, type PolicyExceptionTerms } from "@/lib/policy/exception";
import type { Tier } from "@/lib/policy/vocabulary";
import type { SprawlPoint } from "./views";

const DAY_MS = 86_400_000;

/** Ages since the first of a chain began to spare, in days. */
export const AGES = [
  { label: "under 7 days", maxDays: 7 },
  { label: "7 to 29 days", maxDays: 30 },
  { label: "30 to 89 days", maxDays: 90 },
  { label: "90 days and more", maxDays: Number.POSITIVE_INFINITY },
] as const;

/** An exception as it stood at each time, and since when its chain spares. */
export interface Living {
  epochs: readonly PolicyExceptionTerms[];
  since: Date;
  tier: Tier;
}

/**
 * How many exceptions were in force at the end of each of these UTC days (of the last one: at `now`), by age and by
 * tier. Exactly those that a decision point honoured at that instant.
 */
export function sprawlOf(exceptions: readonly Living[], days: number, now: Date): SprawlPoint[] {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return Array.from({ length: days }, (_, index) => {
    const day = today - (days - 1 - index) * DAY_MS;
    const at = new Date(Math.min(day + DAY_MS, now.getTime()));
    return pointAt(exceptions, at, new Date(day).toISOString().slice(0, 10));
  });
}

function pointAt(exceptions: readonly Living[], at: Date, day: string): SprawlPoint {
  const point: SprawlPoint = { day, total: 0, byAge: {}, byTier: {} };
  for (const { epochs, since, tier } of exceptions) {
    if (!epochs.some((terms) => isInForce(terms, at))) continue;
    const age = (at.getTime() - since.getTime()) / DAY_MS;
    const label = AGES.find(({ maxDays }) => age < maxDays)?.label ?? AGES[3].label;
    point.total++;
    point.byAge[label] = (point.byAge[label] ?? 0) + 1;
    point.byTier[tier] = (point.byTier[tier] ?? 0) + 1;
  }
  return point;
}
