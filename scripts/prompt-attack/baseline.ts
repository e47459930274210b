import type { Row } from "./corpus";
import { Random } from "./random";

/** The plain approach to compare with: one logistic regression over hashed n-grams of the whole text. */
const BUCKETS = 1 << 18;
const EPOCHS = 12;
const RATE = 0.5;
const DECAY = 1e-6;

/** Buckets of the different runs of 3 to 5 characters, words and pairs of words of a text. */
function features(text: string): Int32Array {
  const found = new Set<number>();
  const low = ` ${text.toLowerCase().replace(/\s+/g, " ").trim()} `;
  for (let i = 0; i < low.length; i++) {
    let hash = 0x811c9dc5;
    for (let j = i; j < i + 5 && j < low.length; j++) {
      hash = Math.imul(hash ^ low.charCodeAt(j), 0x01000193);
      if (j > i + 1) found.add((hash ^ (hash >>> 15)) & (BUCKETS - 1));
    }
  }
  const words = low.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  let before = 0;
  for (const word of words) {
    let hash = 0x9747b28c;
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
    found.add((hash ^ (hash >>> 15)) & (BUCKETS - 1));
    const pair = Math.imul(before, 31) ^ hash;
    found.add((pair ^ (pair >>> 15)) & (BUCKETS - 1));
    before = hash;
  }
  return Int32Array.from(found);
}

/** Scores of `others` by a model of `rows`. */
export function baselineScores(rows: readonly Row[], others: readonly Row[], seed: number): number[] {
  const random = new Random(seed);
  const weights = new Float32Array(BUCKETS);
  const squares = new Float32Array(BUCKETS).fill(1e-4);
  let bias = 0;
  const own = rows.filter(({ label }) => label !== "harmful");
  const texts = own.map(({ text }) => features(text));
  const order = own.map((_, at) => at);
  const score = (grams: Int32Array) => {
    let sum = 0;
    for (const g of grams) sum += weights[g] as number;
    return bias + sum / Math.sqrt(grams.length || 1);
  };
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    random.shuffle(order);
    for (const at of order) {
      const grams = texts[at] as Int32Array;
      const error = 1 / (1 + Math.exp(-score(grams))) - (own[at]?.label === "attack" ? 1 : 0);
      bias -= 0.05 * error;
      const step = error / Math.sqrt(grams.length || 1);
      for (const g of grams) {
        const slope = step + DECAY * (weights[g] as number);
        squares[g] = (squares[g] as number) + slope * slope;
        weights[g] =
          (weights[g] as number) - (RATE * slope) / Math.sqrt(squares[g] as number) / (1 + epoch / 4);
      }
    }
  }
  return others.map(({ text }) => score(features(text)));
}
