import { OUTCOMES, type Outcome } from "@/lib/policy/vocabulary";
import type { SeriesView } from "@/lib/telemetry/views";
import { type Look, lookOf } from "./looks";

/** One bucket, ready to be drawn: a number per outcome, or none at all where nothing is known. */
export interface SeriesPoint extends Partial<Record<Outcome, number>> {
  at: string;
  /** `6 April 2026, 10:00–11:00`. */
  label: string;
  /** `6 Apr` or `10:00`. */
  tick: string;
  gap: boolean;
  gapHours: number;
  total: number | null;
}

export interface PreparedSeries {
  points: SeriesPoint[];
  /** The outcomes that occur, in the order in which they are stacked, the strictest on top. */
  looks: Look[];
  /** Runs of buckets without telemetry, first and last of each. */
  gaps: { from: string; to: string; buckets: number }[];
  /** The buckets that get a tick, by `at`: at most `MAX_TICKS`, evenly apart; over some days of hours, at midnight. */
  ticks: string[];
  max: number;
  /** The chart in one sentence. */
  summary: string;
}

export const MAX_TICKS = 8;
const number = (n: number) => n.toLocaleString("en-GB");

/**
 * What a series chart draws. Days are UTC days, as they are counted; hours are named in `timeZone` (the reader's).
 */
export function prepareSeries(view: SeriesView, timeZone = "UTC"): PreparedSeries {
  const zone = view.bucket === "day" ? "UTC" : timeZone;
  const points = view.buckets.map(
    ({ at, gap, gapHours, counts, total }): SeriesPoint => ({
      at,
      ...labelsOf(at, view.bucket, zone),
      gap,
      gapHours,
      total,
      ...(counts ?? {}),
    }),
  );
  return {
    points,
    looks: OUTCOMES.filter((outcome) => view.totals[outcome] > 0).map(lookOf),
    gaps: gapRuns(points),
    ticks: ticksOf(points),
    max: Math.max(0, ...points.map(({ total }) => total ?? 0)),
    summary: summaryOf(view),
  };
}

function labelsOf(at: string, bucket: "hour" | "day", timeZone: string): { label: string; tick: string } {
  const start = new Date(at);
  const format = (date: Date, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone }).format(date);
  const day = format(start, { day: "numeric", month: "long", year: "numeric" });
  if (bucket === "day") {
    return { label: `${day} (UTC)`, tick: format(start, { day: "numeric", month: "short" }) };
  }
  const clock = (date: Date) => format(date, { hour: "2-digit", minute: "2-digit" });
  const [from, to] = [clock(start), clock(new Date(start.getTime() + 3_600_000))];
  const tick = from === "00:00" ? format(start, { day: "numeric", month: "short" }) : from;
  return { label: `${day}, ${from}–${to}`, tick };
}

const HOURS_NAMED_BY_DAY = 48;

function ticksOf(points: readonly SeriesPoint[]): string[] {
  const midnights = points.filter(({ label, tick }) => label.includes(",") && !tick.includes(":"));
  const named = points.length > HOURS_NAMED_BY_DAY && midnights.length > 1 ? midnights : points;
  const every = Math.max(1, Math.ceil(named.length / MAX_TICKS));
  return named.filter((_, index) => index % every === 0).map(({ at }) => at);
}

function gapRuns(points: readonly SeriesPoint[]): PreparedSeries["gaps"] {
  const runs: PreparedSeries["gaps"] = [];
  let previous: SeriesPoint | undefined;
  for (const point of points) {
    const run = runs.at(-1);
    if (point.gap && previous?.gap && run) {
      run.to = point.at;
      run.buckets++;
    } else if (point.gap) runs.push({ from: point.at, to: point.at, buckets: 1 });
    previous = point;
  }
  return runs;
}

function summaryOf({ total, totals, gapHours, hours, by }: SeriesView): string {
  const parts = OUTCOMES.filter((outcome) => totals[outcome] > 0)
    .map((outcome) => `${number(totals[outcome])} ${lookOf(outcome).label}`)
    .toReversed();
  const counted = by === "wouldBe" ? "decisions by what they would be" : "decisions by outcome";
  const gaps = gapHours > 0 ? ` ${number(gapHours)} of ${number(hours)} hours have no telemetry.` : "";
  return `${number(total)} ${counted}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.${gaps}`;
}
