import { BUCKETS, FEATURES } from "./grams";

/** Where a text comes from: typed by the person, or brought by a tool, a document, an e-mail. */
export type AttackChannel = "prompt" | "brought";

/**
 * A trained linear model. `weights` has a value per bucket of hashed grams, in units of `scale`, and per bucket
 * of concepts, in units of `conceptScale`; `context` is the share of the whole that each window gets; `biases` one per kind
 * of window; `thresholds` the least score of L1 to L4.
 */
export interface Model {
  weights: Int8Array | Float32Array;
  scale: number;
  conceptScale: number;
  context: number;
  biases: readonly number[];
  thresholds: readonly [number, number, number, number];
}

/** A model as the weights file holds it. */
export interface StoredModel extends Omit<Model, "weights"> {
  weights: string;
}

export function loadModel({ weights, ...rest }: StoredModel): Model {
  const bytes = Buffer.from(weights, "base64");
  if (bytes.length !== FEATURES)
    throw new Error("The weights of prompt-attack are cut off: train them anew.");
  return { ...rest, weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** The model in whole numbers from -127 to 127, as small as its file. */
export function storeModel({
  weights,
  context,
  biases,
  thresholds,
}: Omit<Model, "scale" | "conceptScale">): StoredModel {
  const scale = scaleOf(weights.subarray(0, BUCKETS));
  const conceptScale = scaleOf(weights.subarray(BUCKETS));
  const whole = Int8Array.from(weights, (weight, at) =>
    Math.round(weight / (at < BUCKETS ? scale : conceptScale)),
  );
  return {
    scale,
    conceptScale,
    context,
    biases: biases.map((bias) => Number(bias.toFixed(5))),
    thresholds,
    weights: Buffer.from(whole.buffer).toString("base64"),
  };
}

function scaleOf(weights: Int8Array | Float32Array): number {
  let most = 0;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  return Number((most / 127).toPrecision(6)) || 1;
}
