import { FEATURES, WHOLE_FEATURES } from "./grams";
import { packWeights, unpackWeights } from "./packing";

/** Where a text comes from: typed by the person, or brought by a tool, a document, an e-mail. */
export type AttackChannel = "prompt" | "brought";

/** A weight per bucket of hashed grams, in units of `scale`, and per bucket of concepts, in units of `conceptScale`. */
export interface Weights {
  weights: Int16Array | Float32Array;
  scale: number;
  conceptScale: number;
}

/**
 * A trained linear model of windows: `biases` has one per kind of window, `thresholds` the least score of L1 to L4.
 * `whole`, where there is one, judges a reading as a whole, and each of its windows gets that added, within bounds.
 */
export interface Model extends Weights {
  biases: readonly number[];
  thresholds: readonly [number, number, number, number];
  whole: (Weights & { bias: number }) | null;
}

/** A model as the weights file holds it. */
export interface StoredModel {
  scale: number;
  conceptScale: number;
  biases: readonly number[];
  thresholds: readonly [number, number, number, number];
  weights: string;
  whole: { scale: number; conceptScale: number; bias: number; weights: string } | null;
}

/** A model as it comes from training. */
export interface TrainedModel {
  weights: Float32Array;
  biases: readonly number[];
  thresholds: readonly [number, number, number, number];
  whole: { weights: Float32Array; bias: number } | null;
}

export function loadModel({ weights, whole, ...rest }: StoredModel): Model {
  return {
    ...rest,
    weights: unpackWeights(weights, FEATURES),
    whole: whole && { ...whole, weights: unpackWeights(whole.weights, WHOLE_FEATURES) },
  };
}

/** The model as small as its file. */
export function storeModel({ weights, biases, thresholds, whole }: TrainedModel): StoredModel {
  return {
    ...packWeights(weights),
    biases: biases.map((bias) => Number(bias.toFixed(5))),
    thresholds,
    whole: whole && { ...packWeights(whole.weights), bias: Number(whole.bias.toFixed(5)) },
  };
}
