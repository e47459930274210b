import { WHOLE_FEATURES } from "@/lib/detect/prompt-attack/grams";
import { wholeBucket } from "@/lib/detect/prompt-attack/whole";
import type { Bag } from "./fit";
import type { Random } from "./random";

const EPOCHS = 20;
const RATE = 0.2;
const DECAY = 1e-4;
/** How many texts of either kind every feature is taken to have been in beforehand. */
const SMOOTH = 0.5;

/** A model of whole texts, a weight per feature that stands in them. */
export interface FittedWhole {
  weights: Float32Array;
  bias: number;
}

const known = new WeakMap<object, Int32Array>();

/** The different features of a reading of a bag. */
function featuresOf({ readings }: Bag, reading = 0): Int32Array {
  const own = readings[reading];
  if (own === undefined) return new Int32Array();
  const features = known.get(own) ?? Int32Array.from(new Set(Array.from(own.grams, wholeBucket)));
  known.set(own, features);
  return features;
}

/**
 * Logistic regression with AdaGrad over features that count as much as their log odds say (Wang and Manning 2012:
 * naive Bayes as features), each once a text.
 */
export function learnWhole(bags: readonly Bag[], random: Random): FittedWhole {
  const texts = bags.map((bag) => ({ ...bag, features: featuresOf(bag) }));
  const odds = logOdds(texts);
  const weights = new Float32Array(WHOLE_FEATURES);
  const squares = new Float32Array(WHOLE_FEATURES).fill(1e-4);
  let bias = 0;
  const order = texts.map((_, at) => at);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = RATE * (1 - epoch / EPOCHS);
    random.shuffle(order);
    for (const at of order) {
      const { features, attack, weight } = texts[at] as (typeof texts)[number];
      const norm = 1 / Math.sqrt(features.length || 1);
      let sum = 0;
      for (const g of features) sum += (weights[g] as number) * (odds[g] as number);
      const error = weight * (1 / (1 + Math.exp(-bias - sum * norm)) - (attack ? 1 : 0));
      bias -= 0.05 * error;
      for (const g of features) {
        const w = weights[g] as number;
        const slope = error * norm * (odds[g] as number) + DECAY * w;
        squares[g] = (squares[g] as number) + slope * slope;
        weights[g] = w - (rate * slope) / Math.sqrt(squares[g] as number);
      }
    }
  }
  return { weights: weights.map((weight, g) => weight * (odds[g] as number)), bias };
}

function logOdds(texts: readonly { features: Int32Array; attack: boolean; weight: number }[]): Float32Array {
  const inAttacks = new Float32Array(WHOLE_FEATURES).fill(SMOOTH);
  const inOthers = new Float32Array(WHOLE_FEATURES).fill(SMOOTH);
  let attacks = 2 * SMOOTH;
  let others = 2 * SMOOTH;
  for (const { features, attack, weight } of texts) {
    const counts = attack ? inAttacks : inOthers;
    for (const g of features) counts[g] = (counts[g] as number) + weight;
    if (attack) attacks += weight;
    else others += weight;
  }
  return inAttacks.map((n, g) =>
    Math.abs(Math.log(n / attacks) - Math.log((inOthers[g] as number) / others)),
  );
}

/** The score of a reading of a bag as a whole. */
export function wholeScore(bag: Bag, reading: number, { weights, bias }: FittedWhole): number {
  const features = featuresOf(bag, reading);
  let sum = 0;
  for (const g of features) sum += weights[g] as number;
  return bias + sum / Math.sqrt(features.length || 1);
}
