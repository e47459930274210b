import { CONCEPT_BUCKETS } from "./concepts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ZERO = 32;
const MOST = 31;

/**
 * Weights as text, a character each: the root of a weight in whole numbers from -31 to 31, so that small weights, which
 * are most of them, are told as finely as large ones. The last buckets are those of concepts and have a scale of their own.
 */
export function packWeights(weights: Float32Array): { scale: number; conceptScale: number; weights: string } {
  const grams = weights.length - CONCEPT_BUCKETS;
  const scale = scaleOf(weights.subarray(0, grams));
  const conceptScale = scaleOf(weights.subarray(grams));
  let text = "";
  for (const [at, weight] of weights.entries()) {
    const root = Math.round(Math.sqrt(Math.abs(weight) / (at < grams ? scale : conceptScale)));
    text += ALPHABET[ZERO + Math.sign(weight) * Math.min(MOST, root)];
  }
  return { scale, conceptScale, weights: text };
}

function scaleOf(weights: Float32Array): number {
  let most = 0;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  return Number((most / (MOST * MOST)).toPrecision(6)) || 1;
}

/** The squares again, in units of the scales. Throws when there are not that many. */
export function unpackWeights(text: string, total: number): Int16Array {
  if (text.length !== total) throw new Error("The weights of prompt-attack are cut off: train them anew.");
  const roots = new Int8Array(128);
  for (let at = 0; at < ALPHABET.length; at++) roots[ALPHABET.charCodeAt(at)] = at - ZERO;
  return Int16Array.from(text, (character) => {
    const root = roots[character.charCodeAt(0)] as number;
    return Math.sign(root) * root * root;
  });
}
