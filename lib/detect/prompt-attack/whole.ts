import { BUCKETS, FEATURES, WHOLE_BUCKETS } from "./grams";
import type { Weights } from "./model";

/** What a whole text counts for each of its windows, and how far it counts either way. */
const SHARE = 2;
const MOST = 6;

/** What the score of a reading as a whole adds to each of its windows, or takes off. */
export function contextOf(score: number): number {
  return Math.max(-MOST, Math.min(MOST, SHARE * score));
}

/** The bucket of a feature in the model of wholes, which has fewer of them. */
export function wholeBucket(feature: number): number {
  return feature < BUCKETS ? feature & (WHOLE_BUCKETS - 1) : feature - BUCKETS + WHOLE_BUCKETS;
}

/** In which reading a bucket was last seen, by its number from 1 to 255. */
const seen = new Uint8Array(FEATURES);
let turn = 0;

/** Judges a reading as a whole, feature by feature: each counts once, however often it stands there. */
export class WholeScore {
  #sum = 0;
  #count = 0;

  constructor(private readonly weights: Weights & { bias: number }) {
    turn = (turn % 255) + 1;
    if (turn === 1) seen.fill(0);
  }

  /** Takes in the first `count` features of a unit. */
  add(features: Int32Array, count: number): void {
    const { weights, scale, conceptScale } = this.weights;
    let sum = 0;
    let concepts = 0;
    let fresh = 0;
    const now = turn;
    for (let i = 0; i < count; i++) {
      const bucket = wholeBucket(features[i] as number);
      if (seen[bucket] === now) continue;
      seen[bucket] = now;
      fresh++;
      if (bucket < WHOLE_BUCKETS) sum += weights[bucket] as number;
      else concepts += weights[bucket] as number;
    }
    this.#sum += sum * scale + concepts * conceptScale;
    this.#count += fresh;
  }

  /** The score of all that was taken in; only one reading at a time can be judged. */
  score(): number {
    return this.weights.bias + this.#sum / Math.sqrt(this.#count || 1);
  }
}
