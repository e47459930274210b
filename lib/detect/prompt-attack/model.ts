import { BUCKETS } from "./grams";

/** Where a text comes from: typed by the person, or brought by a tool, a document, an e-mail. */
export type AttackChannel = "prompt" | "brought";

/**
 * A trained linear model. `weights` has a value per bucket of hashed grams, in units of `scale`; `biases` one per kind
 * of window; `thresholds` the least score of L1 to L4.
 */
export interface Model {
  weights: Int8Array | Float32Array;
  scale: number;
  biases: readonly number[];
  thresholds: readonly [number, number, number, number];
}

/** A model as the weights file holds it. */
export interface StoredModel extends Omit<Model, "weights"> {
  weights: string;
}

export function loadModel({ weights, ...rest }: StoredModel): Model {
  const bytes = Buffer.from(weights, "base64");
  if (bytes.length !== BUCKETS) throw new Error("The weights of prompt-attack are cut off: train them anew.");
  return { ...rest, weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** The model in whole numbers from -127 to 127, as small as its file. */
export function storeModel({ weights, biases, thresholds }: Model): StoredModel {
  let most = 0;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  const scale = Number((most / 127).toPrecision(6));
  const whole = Int8Array.from(weights, (weight) => Math.round(weight / scale));
  return {
    scale,
    biases: biases.map((bias) => Number(bias.toFixed(5))),
    thresholds,
    weights: Buffer.from(whole.buffer).toString("base64"),
  };
}
