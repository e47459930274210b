import type { ImpactBy, ImpactView } from "@/lib/telemetry/views";

const DAYS_FROM_HOURS = 48;

/** Hours summed to days (UTC) once there are more than two days of them; otherwise as they are. Sorted. */
export function overTime(byHour: readonly ImpactBy[]): { unit: "hour" | "day"; rows: ImpactBy[] } {
  if (byHour.length <= DAYS_FROM_HOURS) return { unit: "hour", rows: [...byHour] };
  const days = new Map<string, ImpactBy>();
  for (const { key, stricter, looser } of byHour) {
    const day = key.slice(0, 10);
    const sum = days.get(day) ?? { key: day, stricter: 0, looser: 0 };
    days.set(day, { key: day, stricter: sum.stricter + stricter, looser: sum.looser + looser });
  }
  return { unit: "day", rows: [...days.values()].sort((a, b) => a.key.localeCompare(b.key)) };
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
  return `Of ${decisions(impact.replayed)} replayed, ${stricter}, ${looser}, and ${count(impact.same)} the same.`;
}

function flipsTo(impact: ImpactView, outcome: string): number {
  return impact.flips.filter((flip) => flip.to === outcome).reduce((sum, flip) => sum + flip.n, 0);
}
