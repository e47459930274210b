import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { baselineScores } from "./baseline";
import { isRecordedPrompt, type Row } from "./corpus";
import { Random } from "./random";
import { bagScoreOf, train } from "./validate";

/** Share of the held-out benign texts on which either may fire. */
const RATE = 0.005;

/** Of how many texts of a kind the baseline and this detector find how many. */
export interface Compared {
  total: number;
  baseline: number;
  ours: number;
}

/** The least score that no more than the share of these reaches. */
function threshold(scores: readonly number[]): number {
  const sorted = scores.toSorted((a, b) => b - a);
  return (sorted[Math.floor(RATE * sorted.length)] ?? 0) + 1e-6;
}

/**
 * Learns from a random half of the recorded benchmark, row by row (near-duplicates may stand on both sides), and looks
 * for the attacks of the other half, both thresholds set on that half's benign texts of the channel.
 */
export function halves(
  rows: readonly Row[],
  seed: number,
  kindOf: (row: Row) => string,
  channels: readonly AttackChannel[],
): Map<string, Compared> {
  const random = new Random(seed);
  const held = new Set(rows.filter((row) => isRecordedPrompt(row) && random.next() < 0.5));
  const known = rows.filter((row) => !held.has(row));
  const tested = [...held];
  const baseline = baselineScores(known.filter(isRecordedPrompt), tested, seed);
  const found = new Map<string, Compared>();
  for (const channel of channels) {
    const fitted = train(channel, known, seed);
    const own = tested.flatMap((row, at) =>
      row.channel === channel ? [{ row, base: baseline[at] as number, score: bagScoreOf(row, fitted) }] : [],
    );
    const benign = own.filter(({ row }) => row.label === "benign");
    const least = threshold(benign.map(({ score }) => score));
    const baseLeast = threshold(benign.map(({ base }) => base));
    for (const { row, base, score } of own) {
      const kind = kindOf(row);
      const tally = found.get(kind) ?? { total: 0, baseline: 0, ours: 0 };
      tally.total++;
      if (base >= baseLeast) tally.baseline++;
      if (score >= least) tally.ours++;
      found.set(kind, tally);
    }
  }
  return found;
}
