import { BUCKETS, gramBuffer, gramsOf } from "./grams";
import type { Model } from "./model";
import { readingsOf } from "./readings";
import { contextOf, WholeScore } from "./whole";
import { eachWindow, type Scored, scoredUnits } from "./windows";

/** A window of a text and its score; UTF-16 offsets, `end` exclusive. */
export interface ScoredWindow {
  start: number;
  end: number;
  score: number;
}

const grams = gramBuffer();

/** Gives every window of every reading of a text to `take`. Linear; answers how many grams were looked up. */
export function scoreText(text: string, model: Model, take: (window: ScoredWindow) => void): number {
  let work = 0;
  for (const units of readingsOf(text)) {
    const scored = scoredUnits(units.length);
    const whole = model.whole && new WholeScore(model.whole);
    for (const [at, unit] of units.entries()) {
      const count = gramsOf(unit.text, grams);
      work += count;
      weigh(scored, at, model, count);
      whole?.add(grams, count);
    }
    const added = whole === null ? 0 : contextOf(whole.score());
    eachWindow(scored, model.biases, ({ first, end, score }) => {
      const start = units[first]?.start ?? 0;
      take({ start, end: units[end - 1]?.end ?? start, score: score + added });
    });
  }
  return work;
}

function weigh(scored: Scored, at: number, { weights, scale, conceptScale }: Model, count: number): void {
  let sum = 0;
  let i = 0;
  for (; i < count && (grams[i] as number) < BUCKETS; i++) sum += weights[grams[i] as number] as number;
  scored.sums[at] = sum * scale;
  scored.counts[at] = i;
  scored.conceptCounts[at] = count - i;
  sum = 0;
  for (; i < count; i++) sum += weights[grams[i] as number] as number;
  scored.conceptSums[at] = sum * conceptScale;
}

/** The highest score of any window; -Infinity for a text without words. */
export function highestScore(text: string, model: Model): number {
  let highest = Number.NEGATIVE_INFINITY;
  scoreText(text, model, ({ score }) => {
    if (score > highest) highest = score;
  });
  return highest;
}
