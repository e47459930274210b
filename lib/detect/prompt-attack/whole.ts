import { BUCKETS, WHOLE_BUCKETS, WHOLE_FEATURES } from "./grams";
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

/** A bit per bucket that the reading at hand has shown; small enough to stay near the processor. */
const seen = new Int32Array((WHOLE_FEATURES + 31) >> 5);

/** Judges a reading as a whole, feature by feature: each counts once, however often it stands there. */
export class WholeScore {
  #sum = 0;
  #count = 0;

  constructor(private readonly weights: Weights & { bias: number }) {
    seen.fill(0);
  }

  /** Takes in the first `count` features of a unit: grams, and behind them concepts. No branch on what was seen: it is hard to guess. */
  add(features: Int32Array, count: number): void {
    const { weights, scale, conceptScale } = this.weights;
    let sum = 0;
    let fresh = 0;
    let i = 0;
    for (; i < count; i++) {
      const feature = features[i] as number;
      if (feature >= BUCKETS) break;
      const bucket = feature & (WHOLE_BUCKETS - 1);
      const flags = seen[bucket >> 5] as number;
      const isNew = ~(flags >>> bucket) & 1;
      seen[bucket >> 5] = flags | (1 << bucket);
      fresh += isNew;
      sum += (weights[bucket] as number) * isNew;
    }
    let concepts = 0;
    for (; i < count; i++) {
      const bucket = wholeBucket(features[i] as number);
      const flags = seen[bucket >> 5] as number;
      const isNew = ~(flags >>> bucket) & 1;
      seen[bucket >> 5] = flags | (1 << bucket);
      fresh += isNew;
      concepts += (weights[bucket] as number) * isNew;
    }
    this.#sum += sum * scale + concepts * conceptScale;
    this.#count += fresh;
  }

  /** The score of all that was taken in; only one reading at a time can be judged. */
  score(): number {
    return this.weights.bias + this.#sum / Math.sqrt(this.#count || 1);
  }
}
