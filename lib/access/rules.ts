/** How long a sign-in lasts, in hours: one working day (OWASP ASVS 5.0, 7.3.2: a documented absolute lifetime). */
export const SESSION_HOURS = 12;

const FREE_FAILURES = 5;
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Milliseconds still to wait after `failures` in a row: nothing for the first five, then 1 s, doubling, up to
 * 15 minutes, counted from the last failure.
 */
export function waitAfterFailures(attempt: { failures: number; lastFailureAt: Date }, now: Date): number {
  if (attempt.failures < FREE_FAILURES) return 0;
  const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (attempt.failures - FREE_FAILURES));
  return Math.max(0, attempt.lastFailureAt.getTime() + wait - now.getTime());
}
