import type { ImpactBy, ImpactView } from "@/lib/telemetry/views";

const HOUR_MS = 3_600_000;
const LONGEST_BY_HOUR = 48;

/**
 * Flips over the whole window, by hour up to two days and by day (UTC) beyond. Every bucket of the window is there:
 * one without flips says 0. Keys are the starts: `2026-01-01T05:00` or `2026-01-01`.
 */
export function overTime(impact: Pick<ImpactView, "from" | "to" | "byHour">): {
  unit: "hour" | "day";
  rows: ImpactBy[];
} {
  const [from, to] = [Date.parse(impact.from), Date.parse(impact.to)];
  const unit = to - from <= LONGEST_BY_HOUR * HOUR_MS ? "hour" : "day";
  const keyOf = (iso: string) => iso.slice(0, unit === "day" ? 10 : 16);
  const rows = new Map<string, ImpactBy>();
  for (let at = Math.floor(from / HOUR_MS) * HOUR_MS; at < to; at += HOUR_MS) {
    const key = keyOf(new Date(at).toISOString());
    if (!rows.has(key)) rows.set(key, { key, stricter: 0, looser: 0 });
  }
  for (const { key, stricter, looser } of impact.byHour) {
    const row = rows.get(keyOf(key)) ?? { key: keyOf(key), stricter: 0, looser: 0 };
    rows.set(row.key, { key: row.key, stricter: row.stricter + stricter, looser: row.looser + looser });
  }
  return { unit, rows: [...rows.values()].sort((a, b) => a.key.localeCompare(b.key)) };
}

export function count(n: number): string {
  return n.toLocaleString("en-GB");
}

/** `1 decision`, `1,204 decisions`. */
export function decisions(n: number): string {
  return `${count(n)} ${n === 1 ? "decision" : "decisions"}`;
}

/** What the change would have done, in one sentence, for the page and for the dialog that confirms an approval. */
export function effectSentence(impact: ImpactView): string {
  if (impact.decisions === 0)
    return "No traffic is recorded in this window, so nothing is known of its effect.";
  const blocks = flipsTo(impact, "block");
  const stricter =
    impact.stricter === 0
      ? "none of them would have been decided more strictly"
      : `${count(impact.stricter)} would have been decided more strictly${blocks > 0 ? ` (${count(blocks)} blocked)` : ""}`;
  const looser = impact.looser === 0 ? "none less strictly" : `${count(impact.looser)} less strictly`;
  const unknown = impact.notReplayable.reduce((sum, { n }) => sum + n, 0);
  const rest = unknown === 0 ? "" : ` ${count(unknown)} more could not be replayed.`;
  return `Of ${decisions(impact.replayed)} replayed, ${stricter}, ${looser}, and ${count(impact.same)} the same.${rest}`;
}

function flipsTo(impact: ImpactView, outcome: string): number {
  return impact.flips.filter((flip) => flip.to === outcome).reduce((sum, flip) => sum + flip.n, 0);
}
