import { gramBuffer, gramsOf } from "./grams";
import type { Model } from "./model";
import { readingsOf } from "./readings";
import { eachWindow, type Scored } from "./windows";

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
    const scored: Scored = { sums: new Float64Array(units.length), counts: new Float64Array(units.length) };
    for (const [at, unit] of units.entries()) {
      const count = gramsOf(unit.text, grams);
      work += count;
      scored.sums[at] = sumOf(model, count);
      scored.counts[at] = count;
    }
    eachWindow(scored, model.biases, ({ first, end, score }) => {
      const start = units[first]?.start ?? 0;
      take({ start, end: units[end - 1]?.end ?? start, score });
    });
  }
  return work;
}

function sumOf({ weights, scale }: Model, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weights[grams[i] as number] as number;
  return sum * scale;
}

/** The highest score of any window; -Infinity for a text without words. */
export function highestScore(text: string, model: Model): number {
  let highest = Number.NEGATIVE_INFINITY;
  scoreText(text, model, ({ score }) => {
    if (score > highest) highest = score;
  });
  return highest;
}
