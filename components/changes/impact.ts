import type { ImpactBy, ImpactNewBlocks, ImpactView } from "@/lib/telemetry/views";

const HOUR_MS = 3_600_000;
const LONGEST_BY_HOUR = 48;

/** Flips of one hour or day. Nothing is known of a gap, all hours of which are without telemetry. */
export interface FlipsAt extends ImpactBy {
  gap: boolean;
  /** Hours without telemetry, of so many within the window. */
  gapHours: number;
  hours: number;
}

export type TimeUnit = "hour" | "day";

/** By hour up to two days, by day beyond. */
export function unitFor({ from, to }: Pick<ImpactView, "from" | "to">): TimeUnit {
  return Date.parse(to) - Date.parse(from) <= LONGEST_BY_HOUR * HOUR_MS ? "hour" : "day";
}

/**
 * Flips over the whole window, by hour or day (UTC). Every bucket of the window is there: one without flips says 0,
 * one without telemetry is a gap. Keys are the starts: `2026-01-01T05:00` or `2026-01-01`.
 */
export function overTime(
  impact: Pick<ImpactView, "from" | "to" | "byHour" | "gaps">,
  unit: TimeUnit = unitFor(impact),
): { unit: TimeUnit; rows: FlipsAt[] } {
  const [from, to] = [Date.parse(impact.from), Date.parse(impact.to)];
  const keyOf = (at: number) => new Date(at).toISOString().slice(0, unit === "day" ? 10 : 16);
  const gaps = (impact.gaps ?? []).map((gap) => [Date.parse(gap.from), Date.parse(gap.to)] as const);
  const rows = new Map<string, FlipsAt>();
  for (let at = Math.floor(from / HOUR_MS) * HOUR_MS; at < to; at += HOUR_MS) {
    const key = keyOf(at);
    const row = rows.get(key) ?? { key, stricter: 0, looser: 0, gap: true, gapHours: 0, hours: 0 };
    const isGap = gaps.some(([start, end]) => at >= start && at < end);
    row.hours++;
    if (isGap) row.gapHours++;
    row.gap &&= isGap;
    rows.set(key, row);
  }
  for (const { key, stricter, looser } of impact.byHour) {
    const row = rows.get(keyOf(Date.parse(key)));
    if (row === undefined) continue;
    row.stricter += stricter;
    row.looser += looser;
    row.gap = false;
  }
  return { unit, rows: [...rows.values()] };
}

/** What a bucket says, for the pointer and the table: `none recorded` is not `0`. */
export function flipsText({ stricter, looser, gap, gapHours, hours }: FlipsAt): string {
  if (gap) return "no telemetry";
  const some = gapHours > 0 ? ` (${gapHours} of ${hours} hours without telemetry)` : "";
  return `${count(stricter)} stricter, ${count(looser)} looser${some}`;
}

export function count(n: number): string {
  return n.toLocaleString("en-GB");
}

/** `1 decision`, `1,204 decisions`. */
export function decisions(n: number): string {
  return `${count(n)} ${n === 1 ? "decision" : "decisions"}`;
}

/** `1 request`, `1,204 requests`. */
export function requests(n: number): string {
  return `${count(n)} ${n === 1 ? "request" : "requests"}`;
}

/** New blocks although an exception spared the request, in one sentence. */
export function despiteSentence({ despite }: ImpactNewBlocks): string {
  if (despite.n === 0)
    return "No request that an exception spared, and that the policy before lets pass, would be blocked by the proposal.";
  const them = despite.n === 1 ? "it fires a control" : "each fires a control";
  return `${requests(despite.n)} that an exception spared, and that the policy before lets pass, would be blocked by the proposal all the same: ${them} that the exception does not cover.`;
}

/** What would be blocked but for the exceptions of the day of the measurement, in one sentence. */
export function lapseSentence({ onLapse }: ImpactNewBlocks): string {
  const { n, byException, unknown } = onLapse;
  const rest = unknown > 0 ? ` Of ${requests(unknown)} more it cannot be known.` : "";
  if (byException.length === 0) return `No exception was in force when this was measured.${rest}`;
  if (n === 0)
    return `None of the requests would be blocked by the proposal if the exceptions in force lapsed.${rest}`;
  const have = byException.length === 1 ? "exception in force lapses" : "exceptions in force have lapsed";
  return `${requests(n)} would be blocked by the proposal once the ${have}.${rest}`;
}

/** What the sentence reads: of one use case, or of all that a floor is under. */
export type EffectTotals = Pick<
  ImpactView,
  "decisions" | "replayed" | "same" | "stricter" | "looser" | "flips" | "notReplayable"
> & { newBlocks?: { despite: number | { n: number } } };

/** What the change would have done, in one sentence, for the page and for the dialog that confirms an approval. */
export function effectSentence(impact: EffectTotals): string {
  if (impact.decisions === 0)
    return "No traffic is recorded in this window, so nothing is known of its effect.";
  const blocks = flipsTo(impact, "block");
  const measured = impact.newBlocks?.despite ?? 0;
  const despite = typeof measured === "number" ? measured : measured.n;
  const spared = despite > 0 ? `, ${count(despite)} of which an exception had spared` : "";
  const stricter =
    impact.stricter === 0
      ? "none of them would have been decided more strictly"
      : `${count(impact.stricter)} would have been decided more strictly${blocks > 0 ? ` (${count(blocks)} blocked${spared})` : ""}`;
  const looser = impact.looser === 0 ? "none less strictly" : `${count(impact.looser)} less strictly`;
  const unknown = impact.notReplayable.reduce((sum, { n }) => sum + n, 0);
  const rest = unknown === 0 ? "" : ` ${count(unknown)} more could not be replayed.`;
  return `Of ${decisions(impact.replayed)} replayed, ${stricter}, ${looser}, and ${count(impact.same)} the same.${rest}`;
}

function flipsTo(impact: EffectTotals, outcome: string): number {
  return impact.flips.filter((flip) => flip.to === outcome).reduce((sum, flip) => sum + flip.n, 0);
}
