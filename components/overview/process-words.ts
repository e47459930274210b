import { numberText } from "@/components/telemetry/words";
import type { DecideTimes } from "@/lib/process/views";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long people took: `40 s`, `12 min`, `3 h 20 min`, `2.5 days`. */
export function waitText(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) {
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ""}`;
  }
  return `${(seconds / DAY).toFixed(1)} days`;
}

/** `median 3 h, nine in ten within 2.5 days (of 14)`; says that nothing was decided rather than a nought. */
export function timesText({ n, medianSeconds, p90Seconds }: DecideTimes): string {
  if (medianSeconds === null || p90Seconds === null) return "no decisions yet";
  if (n === 1) return `${waitText(medianSeconds)} (of 1)`;
  return `median ${waitText(medianSeconds)}, nine in ten within ${waitText(p90Seconds)} (of ${numberText(n)})`;
}

/** What it was in the 30 days before; nothing to compare with is said too. */
export function beforeText({ medianSeconds, p90Seconds }: DecideTimes): string {
  if (medianSeconds === null || p90Seconds === null) return "none in the 30 days before";
  return `in the 30 days before: ${waitText(medianSeconds)}, ${waitText(p90Seconds)}`;
}
