/** Seconds between two steps of a run that has no times of its own. */
const STEP_SECONDS = 7;
const DAY_MS = 86_400_000;

/**
 * Instants for the `steps` requests of run `index` of `count`, spread evenly over the `days` before `now`. Made up, and
 * to be labelled so: recorded traces have no times.
 */
export function syntheticTimes(index: number, count: number, steps: number, days: number, now: Date): Date[] {
  const span = days * DAY_MS - steps * STEP_SECONDS * 1000;
  const start = now.getTime() - days * DAY_MS + (Math.max(0, span) * index) / Math.max(1, count);
  return Array.from(
    { length: steps },
    (_, at) => new Date(Math.min(now.getTime(), Math.round(start + at * STEP_SECONDS * 1000))),
  );
}
