import { BUCKETS, gramBuffer, gramsOf } from "@/lib/detect/prompt-attack/grams";
import { readingsOf } from "@/lib/detect/prompt-attack/readings";
import { eachWindow, gramWeight, KINDS, type Scored, type Window } from "@/lib/detect/prompt-attack/windows";
import type { Random } from "./random";

/** The grams of one reading's units, one after the other: unit `u` has those from `starts[u]` to `starts[u + 1]`. */
interface UnitGrams {
  grams: Int32Array;
  starts: Int32Array;
  /** Does unit `u` hold a part of the attack? Null when it is not known where that is. */
  marked: Uint8Array | null;
}

/** A text made ready for training. Texts that weigh more pull more. */
export interface Bag {
  attack: boolean;
  weight: number;
  readings: UnitGrams[];
}

export interface Fitted {
  weights: Float32Array;
  biases: number[];
}

export interface FitOptions {
  epochs: number;
  rate: number;
  decay: number;
}

export const FIT: FitOptions = { epochs: 20, rate: 0.3, decay: 2e-5 };
/** Windows of marked texts that count: at most three units, so that the surroundings do not pass for the attack. */
const MARKED_UNITS = 3;
const WARM_UP = 1;
const buffer = gramBuffer();

export function toBag(text: string, attack: boolean, weight: number, at?: readonly [number, number]): Bag {
  return {
    attack,
    weight,
    readings: readingsOf(text).map((units) => {
      const own = units.map((unit) => buffer.slice(0, gramsOf(unit.text, buffer)));
      const starts = new Int32Array(units.length + 1);
      for (const [u, grams] of own.entries()) starts[u + 1] = (starts[u] as number) + grams.length;
      const grams = new Int32Array(starts[units.length] as number);
      for (const [u, part] of own.entries()) grams.set(part, starts[u]);
      const marked = at && Uint8Array.from(units, ({ start, end }) => Number(start < at[1] && at[0] < end));
      return { grams, starts, marked: marked ?? null };
    }),
  };
}

/**
 * Logistic regression over windows with AdaGrad, the highest window standing for its text (multiple instances): an
 * attack needs one window that looks like one, an ordinary text none.
 */
export function learnModel(bags: readonly Bag[], random: Random, options: FitOptions = FIT): Fitted {
  const weights = new Float32Array(BUCKETS);
  const squares = new Float32Array(BUCKETS).fill(0.01);
  const biases = new Array<number>(KINDS).fill(-1);
  const order = bags.map((_, at) => at);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const rate = options.rate * (1 - epoch / options.epochs);
    random.shuffle(order);
    for (const at of order) learn(bags[at] as Bag, epoch < WARM_UP);
    function learn(bag: Bag, warm: boolean): void {
      for (const [reading, window] of chosen(bag, weights, biases, random, warm)) {
        const error = bag.weight * (1 / (1 + Math.exp(-window.score)) - (bag.attack ? 1 : 0));
        if (Math.abs(error) < 1e-3) continue;
        const from = reading.starts[window.first] as number;
        const to = reading.starts[window.end] as number;
        const step = error * gramWeight(to - from);
        biases[window.kind] = (biases[window.kind] as number) - 0.02 * rate * error;
        for (let i = from; i < to; i++) {
          const g = reading.grams[i] as number;
          const w = weights[g] as number;
          const slope = step + options.decay * w;
          squares[g] = (squares[g] as number) + slope * slope;
          weights[g] = w - (rate * slope) / Math.sqrt(squares[g] as number);
        }
      }
    }
  }
  return { weights, biases };
}

type Choice = [UnitGrams, Window];

function chosen(
  bag: Bag,
  weights: Float32Array,
  biases: readonly number[],
  random: Random,
  warm: boolean,
): Choice[] {
  let best: Choice | null = null;
  let other: Choice | null = null;
  let seen = 0;
  for (const reading of bag.readings) {
    eachWindow(scoresOf(reading, weights), biases, (window) => {
      if (bag.attack && !mayHold(reading, window)) return;
      const rank = warm && bag.attack && reading.marked === null ? window.end - window.first : window.score;
      const bestRank =
        best && (warm && bag.attack && reading.marked === null ? best[1].end - best[1].first : best[1].score);
      if (bestRank === null || rank > bestRank) best = [reading, window];
      seen++;
      if (random.next() * seen < 1) other = [reading, window];
    });
  }
  const choices: Choice[] = [];
  if (best) choices.push(best);
  if (other && !bag.attack) choices.push(other);
  return choices;
}

function mayHold({ marked }: UnitGrams, { first, end }: Window): boolean {
  if (marked === null) return true;
  if (end - first > MARKED_UNITS) return false;
  for (let u = first; u < end; u++) if (marked[u] === 1) return true;
  return false;
}

function scoresOf({ grams, starts }: UnitGrams, weights: Float32Array): Scored {
  const total = starts.length - 1;
  const sums = new Float64Array(total);
  const counts = new Float64Array(total);
  for (let u = 0; u < total; u++) {
    const to = starts[u + 1] as number;
    let sum = 0;
    for (let i = starts[u] as number; i < to; i++) sum += weights[grams[i] as number] as number;
    sums[u] = sum;
    counts[u] = to - (starts[u] as number);
  }
  return { sums, counts };
}

/** The highest score of any window of a bag. */
export function bagScore(bag: Bag, { weights, biases }: Fitted): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const reading of bag.readings) {
    eachWindow(scoresOf(reading, weights), biases, ({ score }) => {
      if (score > highest) highest = score;
    });
  }
  return highest;
}
