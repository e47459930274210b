import type { DriftState } from "@/lib/drift/lifecycle";
import { DIMENSIONS, type DriftDimension } from "@/lib/drift/rules";

/** One value of a dimension, as people call it. */
const ONE: Record<DriftDimension, string> = {
  models: "model",
  tools: "tool",
  dataClasses: "data class",
  destinations: "destination",
  retrievalSources: "retrieval source",
  purposes: "purpose",
  credentialKinds: "kind of credential",
  credentialAge: "age of credential",
  requestRate: "requests a minute",
  promptSize: "size of prompt",
  toolCalls: "tool calls in a session",
};

/** What a bucketed number counts. */
const UNITS: Partial<Record<DriftDimension, string>> = {
  credentialAge: "hours old",
  requestRate: "requests a minute",
  promptSize: "characters",
  toolCalls: "calls in a session",
};

export function dimensionTitle(dimension: DriftDimension): string {
  return DIMENSIONS[dimension].title;
}

export function dimensionWord(dimension: DriftDimension): string {
  return ONE[dimension];
}

/** The value as people read it: a bucketed number says what it counts. */
export function valueText(dimension: DriftDimension, value: string): string {
  const unit = UNITS[dimension];
  return unit ? `up to ${Number(value).toLocaleString("en-GB")} ${unit}` : value;
}

/** `tool export_all`, `up to 240 requests a minute`. */
export function valueSentence(dimension: DriftDimension, value: string): string {
  return UNITS[dimension] ? valueText(dimension, value) : `${ONE[dimension]} ${value}`;
}

export const STATE_TITLES: Record<DriftState, string> = {
  waiting: "In the queue",
  covered: "Covered by an exception",
  incident: "Open incident",
  closed: "Incident closed, not seen since",
};
