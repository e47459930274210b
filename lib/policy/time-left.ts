const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;

/** Whole hours until an instant, never more than there are; 0 in the last hour and once it is past. */
export function hoursLeft(until: Date, now: Date): number {
  return Math.max(0, Math.floor((until.getTime() - now.getTime()) / HOUR_MS));
}

/** Whole days until an instant, never more than there are; 0 on the last day and once it is past. */
export function daysLeft(until: Date, now: Date): number {
  return Math.floor(hoursLeft(until, now) / HOURS_A_DAY);
}

/** How people read so many whole hours ahead: `14 days`, on the last day `23 hours`, at last `under an hour`. */
export function leftText(hours: number): string {
  if (hours < 1) return "under an hour";
  if (hours < HOURS_A_DAY) return counted(hours, "hour");
  return counted(Math.floor(hours / HOURS_A_DAY), "day");
}

const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
