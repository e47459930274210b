const HOUR_MS = 3_600_000;

/** The periods that telemetry is looked at in, up to now, with the buckets that make a readable series. */
export const PERIODS = [
  { id: "24h", label: "24 hours", hours: 24, buckets: ["hour"] },
  { id: "7d", label: "7 days", hours: 7 * 24, buckets: ["hour", "day"] },
  { id: "30d", label: "30 days", hours: 30 * 24, buckets: ["day", "hour"] },
  { id: "90d", label: "90 days", hours: 90 * 24, buckets: ["day"] },
] as const satisfies readonly { id: string; label: string; hours: number; buckets: readonly Bucket[] }[];

export type Bucket = "hour" | "day";
export type Period = (typeof PERIODS)[number];
export type PeriodId = Period["id"];

const DEFAULT: PeriodId = "7d";

interface Params {
  get(name: string): string | null;
}

/** The period that the address names; the default where it names none that there is. */
export function periodOf(params: Params): Period {
  const byId = (id: string | null) => PERIODS.find((period) => period.id === id);
  return byId(params.get("period")) ?? byId(DEFAULT) ?? PERIODS[1];
}

/** `from` and `to` of the address, when both are instants in order: a window of its own, not up to now. */
export function fixedWindow(params: Params): { from: string; to: string } | null {
  const [from, to] = [params.get("from"), params.get("to")].map((text) => Date.parse(text ?? ""));
  if (from === undefined || to === undefined || !(from < to)) return null;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** The window that the address asks for, as instants: its own, or the period up to `now`. */
export function windowOf(params: Params, now: Date): { from: string; to: string } {
  return (
    fixedWindow(params) ?? {
      from: new Date(now.getTime() - periodOf(params).hours * HOUR_MS).toISOString(),
      to: now.toISOString(),
    }
  );
}

/** The bucket that the address names, if the window allows it; else the one that suits it. */
export function bucketOf(params: Params): Bucket {
  const fixed = fixedWindow(params);
  const allowed: readonly Bucket[] = fixed ? bucketsWithin(fixed) : periodOf(params).buckets;
  return allowed.find((bucket) => bucket === params.get("bucket")) ?? allowed[0] ?? "day";
}

function bucketsWithin({ from, to }: { from: string; to: string }): readonly Bucket[] {
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS;
  return PERIODS.find((period) => hours <= period.hours)?.buckets ?? ["day"];
}
