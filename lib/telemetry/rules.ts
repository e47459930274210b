import { OUTCOMES, type Outcome } from "@/lib/policy/vocabulary";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Decisions per bucket and outcome, as the hours hold them. */
export interface SeriesCell {
  at: Date;
  outcome: Outcome;
  n: number;
}

export interface FoldedBucket {
  at: Date;
  gap: boolean;
  gapHours: number;
  counts: Record<Outcome, number> | null;
  total: number | null;
}

/** The start of the UTC hour that holds the instant. */
export function floorHour(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}

/** The first UTC hour that starts at or after the instant. */
export function ceilHour(at: Date): Date {
  return new Date(Math.ceil(at.getTime() / HOUR_MS) * HOUR_MS);
}

/** The whole hours that the window meets, up to and with the hour of `now`: what has not been is no gap. */
export function wholeHours(from: Date, to: Date, now: Date): { from: Date; to: Date } {
  const start = floorHour(from);
  const end = new Date(Math.min(ceilHour(to).getTime(), floorHour(now).getTime() + HOUR_MS));
  return { from: start, to: end < start ? start : end };
}

export function noOutcomes(): Record<Outcome, number> {
  return { allow: 0, flag: 0, redact: 0, require_approval: 0, block: 0 };
}

export function sumOutcomes(counts: Record<Outcome, number>): number {
  return OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
}

/**
 * Every bucket (UTC hour or day) of a window of whole hours, in order. A bucket all of whose hours are gaps has
 * no counts at all; a bucket with some says how many.
 */
export function foldSeries(
  window: { from: Date; to: Date },
  bucket: "hour" | "day",
  cells: readonly SeriesCell[],
  gapHours: readonly Date[],
): FoldedBucket[] {
  const size = bucket === "hour" ? HOUR_MS : DAY_MS;
  const startOf = (at: number) => Math.floor(at / size) * size;
  const hours = new Map<number, number>();
  for (let at = window.from.getTime(); at < window.to.getTime(); at += HOUR_MS)
    hours.set(startOf(at), (hours.get(startOf(at)) ?? 0) + 1);
  const gaps = new Map<number, number>();
  for (const hour of gapHours)
    gaps.set(startOf(hour.getTime()), (gaps.get(startOf(hour.getTime())) ?? 0) + 1);
  const counts = new Map<number, Record<Outcome, number>>();
  for (const cell of cells) {
    const at = startOf(cell.at.getTime());
    const known = counts.get(at) ?? noOutcomes();
    known[cell.outcome] += cell.n;
    counts.set(at, known);
  }
  return [...hours].map(([at, inBucket]) => {
    const missing = gaps.get(at) ?? 0;
    const gap = missing === inBucket && !counts.has(at);
    const known = gap ? null : (counts.get(at) ?? noOutcomes());
    return { at: new Date(at), gap, gapHours: missing, counts: known, total: known && sumOutcomes(known) };
  });
}

/**
 * The upper bound of the bucket in which the p-th part (0 < p ≤ 1) of the counts falls (nearest rank); the last
 * bound for what is above it; null without counts. `counts` has one more place than `bounds`.
 */
export function percentileFromBuckets(
  counts: readonly number[],
  bounds: readonly number[],
  p: number,
): number | null {
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  const rank = Math.ceil(total * p);
  let seen = 0;
  for (const [index, n] of counts.entries()) {
    seen += n;
    if (seen >= rank) return bounds[index] ?? bounds.at(-1) ?? null;
  }
  return bounds.at(-1) ?? null;
}

/** Milliseconds since 1970 that a UUIDv7 carries in its first 48 bits (RFC 9562, 5.7). */
export function uuidv7Time(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
}
