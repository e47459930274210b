/** Bounds of the bucketed numbers. Thresholds of a policy may stand on these and nowhere else (ADR 0005). */

function doublings(first: number, last: number): number[] {
  const bounds: number[] = [];
  for (let bound = first; bound <= last; bound *= 2) bounds.push(bound);
  return bounds;
}

/** Requests a minute, per workload: 1, 2, 4, 8, then 15 doubled, so that 30, 60 and 120 are bounds. */
export const REQUESTS_PER_MINUTE_BOUNDS: readonly number[] = [1, 2, 4, 8, ...doublings(15, 122_880)];

/** Characters (UTF-16 code units) of one prompt: powers of two up to the 1 MiB body limit. */
export const PROMPT_CHARS_BOUNDS: readonly number[] = doublings(1, 1_048_576);

/** Tool calls in one session: powers of two. */
export const TOOL_CALLS_BOUNDS: readonly number[] = doublings(1, 1024);

/** Age of a credential in hours: the rotations people use (a shift, a day, a week, 30 days, a year). */
export const CREDENTIAL_AGE_HOURS_BOUNDS: readonly number[] = [
  1, 4, 8, 24, 72, 168, 336, 720, 1440, 2160, 4320, 8760,
];

/** Percent of sessions that a limited policy enrols. */
export const COHORT_PERCENT_BOUNDS: readonly number[] = [0, 1, 5, 10, 25, 50, 100];

/**
 * The smallest bound at or above `value`. Above the last bound it is `last + 1`, a number that every threshold
 * is below, so that a bucket is plain JSON and `bucketOf(v) > threshold` equals `v > threshold` on every bound.
 */
export function bucketOf(value: number, bounds: readonly number[]): number {
  for (const bound of bounds) if (value <= bound) return bound;
  return (bounds.at(-1) ?? 0) + 1;
}

/** Says what to write instead of a number that is no bound; `null` when it is one. */
export function offBoundMessage(value: number, bounds: readonly number[]): string | null {
  if (bounds.includes(value)) return null;
  const under = bounds.findLast((bound) => bound < value);
  const over = bounds.find((bound) => bound > value);
  const nearest = [under, over].filter((bound) => bound !== undefined);
  return `${value} is not a bucket bound; the nearest ${nearest.length > 1 ? "are" : "is"} ${nearest.join(" and ")}`;
}
