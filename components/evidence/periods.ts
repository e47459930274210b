const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface Period {
  /** ISO 8601 UTC; half open: from ≤ time < to. */
  from: string;
  to: string;
}

const month = (now: Date, back: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1);
const quarter = (now: Date, back: number) =>
  Date.UTC(now.getUTCFullYear(), (Math.floor(now.getUTCMonth() / 3) - back) * 3, 1);

/** Periods that people ask for; months and quarters of the calendar are in UTC. */
export const PRESETS = [
  { id: "7-days", label: "Last 7 days", of: (now: Date) => [now.getTime() - 7 * DAY_MS, now.getTime()] },
  { id: "30-days", label: "Last 30 days", of: (now: Date) => [now.getTime() - 30 * DAY_MS, now.getTime()] },
  { id: "this-month", label: "This month so far (UTC)", of: (now: Date) => [month(now, 0), now.getTime()] },
  { id: "last-month", label: "Last month (UTC)", of: (now: Date) => [month(now, 1), month(now, 0)] },
  { id: "last-quarter", label: "Last quarter (UTC)", of: (now: Date) => [quarter(now, 1), quarter(now, 0)] },
] as const satisfies readonly { id: string; label: string; of: (now: Date) => [number, number] }[];

export type PresetId = (typeof PRESETS)[number]["id"];

/** The period of a preset at an instant (ISO 8601), in whole minutes. What ends now ends with this minute. */
export function periodOf(id: PresetId, now: string): Period {
  const preset = PRESETS.find((one) => one.id === id) ?? PRESETS[1];
  const [from, to] = preset.of(new Date(now));
  const minutes = { from: Math.floor(from / MINUTE_MS), to: Math.ceil(to / MINUTE_MS) };
  return {
    from: new Date(minutes.from * MINUTE_MS).toISOString(),
    to: new Date(minutes.to * MINUTE_MS).toISOString(),
  };
}
