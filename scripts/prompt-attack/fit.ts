import { BUCKETS, FEATURES, gramBuffer, gramsOf } from "@/lib/detect/prompt-attack/grams";
import type { AttackChannel } from "@/lib/detect/prompt-attack/model";
import { readingsOf } from "@/lib/detect/prompt-attack/readings";
import {
  conceptWeight,
  eachWindow,
  gramWeight,
  KINDS,
  type Scored,
  scoredUnits,
  type Window,
} from "@/lib/detect/prompt-attack/windows";
import type { Example } from "./augment";
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
  /** Is the whole text learned too, beside the window that stands out? */
  whole: boolean;
}

export const FIT: Readonly<Record<AttackChannel, FitOptions>> = {
  prompt: { epochs: 20, rate: 0.3, decay: 2e-5, whole: true },
  brought: { epochs: 20, rate: 0.3, decay: 2e-5, whole: false },
};
/** Windows of marked texts that count: at most three units, so that the surroundings do not pass for the attack. */
const MARKED_UNITS = 3;
const WARM_UP = 1;
const buffer = gramBuffer();

/** A text as what it is learned by; `bare`: by its concepts alone. */
export function toBag({ text, attack, weight, at, bare }: Example): Bag {
  return {
    attack,
    weight,
    readings: readingsOf(text).map((units) => {
      const own = units.map((unit) => {
        const all = buffer.slice(0, gramsOf(unit.text, buffer));
        return bare ? all.filter((feature) => feature >= BUCKETS) : all;
      });
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
export function learnModel(bags: readonly Bag[], random: Random, options: FitOptions): Fitted {
  const weights = new Float32Array(FEATURES);
  const squares = new Float32Array(FEATURES).fill(0.01);
  const biases = new Array<number>(KINDS).fill(-1);
  const order = bags.map((_, at) => at);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const rate = options.rate * (1 - epoch / options.epochs);
    random.shuffle(order);
    for (const at of order) learn(bags[at] as Bag, epoch < WARM_UP);
    function learn(bag: Bag, warm: boolean): void {
      for (const [reading, window] of chosen(bag, { weights, biases }, random, warm, options.whole)) {
        const error = bag.weight * (1 / (1 + Math.exp(-window.score)) - (bag.attack ? 1 : 0));
        if (Math.abs(error) < 1e-3) continue;
        const from = reading.starts[window.first] as number;
        const to = reading.starts[window.end] as number;
        const concepts = conceptsIn(reading.grams, from, to);
        const step = error * gramWeight(to - from - concepts);
        const conceptStep = error * conceptWeight(concepts);
        biases[window.kind] = (biases[window.kind] as number) - 0.02 * rate * error;
        for (let i = from; i < to; i++) {
          const g = reading.grams[i] as number;
          const w = weights[g] as number;
          const slope = (g < BUCKETS ? step : conceptStep) + options.decay * w;
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
  { weights, biases }: Pick<Fitted, "weights" | "biases">,
  random: Random,
  warm: boolean,
  learnWhole: boolean,
): Choice[] {
  let best: Choice | null = null;
  let other: Choice | null = null;
  let whole: Choice | null = null;
  let seen = 0;
  for (const reading of bag.readings) {
    eachWindow(scoresOf(reading, weights), biases, (window) => {
      if (bag.attack && !mayHold(reading, window)) return;
      const rank = warm && bag.attack && reading.marked === null ? window.end - window.first : window.score;
      const bestRank =
        best && (warm && bag.attack && reading.marked === null ? best[1].end - best[1].first : best[1].score);
      if (reading === bag.readings[0] && window.first === 0 && window.end === reading.starts.length - 1)
        whole = [reading, window];
      if (bestRank === null || rank > bestRank) best = [reading, window];
      seen++;
      if (random.next() * seen < 1) other = [reading, window];
    });
  }
  const choices: Choice[] = [];
  if (best) choices.push(best);
  if (other && !bag.attack) choices.push(other);
  if (learnWhole && whole && !choices.some(([, window]) => isSame(window, (whole as Choice)[1])))
    choices.push(whole);
  return choices;
}

function isSame(one: Window, other: Window): boolean {
  return one.first === other.first && one.end === other.end;
}

function mayHold({ marked }: UnitGrams, { first, end }: Window): boolean {
  if (marked === null) return true;
  if (end - first > MARKED_UNITS) return false;
  for (let u = first; u < end; u++) if (marked[u] === 1) return true;
  return false;
}

function conceptsIn(grams: Int32Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if ((grams[i] as number) >= BUCKETS) count++;
  return count;
}

function scoresOf({ grams, starts }: UnitGrams, weights: Float32Array): Scored {
  const total = starts.length - 1;
  const scored = scoredUnits(total);
  for (let u = 0; u < total; u++) {
    const from = starts[u] as number;
    const to = starts[u + 1] as number;
    let sum = 0;
    let conceptSum = 0;
    let concepts = 0;
    for (let i = from; i < to; i++) {
      const g = grams[i] as number;
      if (g < BUCKETS) sum += weights[g] as number;
      else {
        conceptSum += weights[g] as number;
        concepts++;
      }
    }
    scored.sums[u] = sum;
    scored.counts[u] = to - from - concepts;
    scored.conceptSums[u] = conceptSum;
    scored.conceptCounts[u] = concepts;
  }
  return scored;
}

/** The highest score of any window of each reading of a bag. */
export function readingScores(bag: Bag, { weights, biases }: Fitted): number[] {
  return bag.readings.map((reading) => {
    let highest = Number.NEGATIVE_INFINITY;
    eachWindow(scoresOf(reading, weights), biases, ({ score }) => {
      if (score > highest) highest = score;
    });
    return highest;
  });
}
