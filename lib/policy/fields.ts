import type { ControlBinding, PolicyDocument } from "./document";
import { condition } from "./orders/condition";
import { globs, tools } from "./orders/globs";
import { approved, enrolled, highest, limit, type Move, neutral, ranked, reach } from "./orders/order";
import { CAPTURES, DATA_CLASSES, FAIL_MODES, MODES, SENSITIVITIES, STAGES } from "./vocabulary";

const certain = <T>(order: {
  move(a: T | undefined, b: T | undefined): Move;
  join(a: T | undefined, b: T | undefined): T | undefined;
}) => ({
  move: order.move,
  join: (a: T, b: T) => order.join(a, b) ?? a,
});

const lesserText = (a: string | null, b: string | null) => (a === null ? b : b === null ? a : a < b ? a : b);
const lesserCapture = (a: PolicyDocument["capture"], b: PolicyDocument["capture"]) =>
  CAPTURES.indexOf(a) < CAPTURES.indexOf(b) ? a : b;

/** Any order will do, as long as it is one: the safeguard decides nothing. */
const lesserSafeguard = (a: PolicyDocument["safeguard"], b: PolicyDocument["safeguard"]) =>
  JSON.stringify(a ?? null) < JSON.stringify(b ?? null) ? a : b;

/** The order of every fixed field, by its path. */
export const ORDERS = {
  template: neutral<PolicyDocument["template"]>(lesserText),
  stage: certain(ranked(STAGES)),
  "limited.controls": certain(enrolled),
  "limited.cohort.percent": reach,
  "limited.cohort.workloads": certain(enrolled),
  failMode: certain(ranked(FAIL_MODES)),
  capture: neutral<PolicyDocument["capture"]>(lesserCapture),
  detectors: enrolled,
  safeguard: neutral<PolicyDocument["safeguard"]>(lesserSafeguard),
  "baseline.purposes": globs,
  "baseline.models": globs,
  "baseline.dataClasses": highest(DATA_CLASSES),
  "baseline.tools": tools,
  "baseline.destinations": globs,
  "baseline.retrievalSources": globs,
  "baseline.credentials.kinds": approved<"federated" | "task" | "static">(),
  "baseline.credentials.maxAgeHours": limit,
  "baseline.traffic.requestsPerMinute": limit,
  "baseline.traffic.promptChars": limit,
  "baseline.traffic.toolCallsPerSession": limit,
} as const;

/** The order of every field of a control's binding. A control that is not listed is off and has nothing else. */
export const BINDING_ORDERS = {
  mode: ranked(MODES),
  sensitivity: ranked(SENSITIVITIES),
  when: condition,
  phrases: enrolled,
  patterns: enrolled,
} as const;

export const BINDING_FIELDS = ["mode", "sensitivity", "when", "phrases", "patterns"] as const;

/** What a policy says of a control, an absent one being off. */
export function bindingOf(document: PolicyDocument, id: string): ControlBinding {
  const binding = Object.hasOwn(document.controls, id) ? document.controls[id] : undefined;
  return binding ?? { mode: "off" };
}

/** The ids of the controls that either document lists, sorted. */
export function controlIds(...documents: PolicyDocument[]): string[] {
  return [...new Set(documents.flatMap((document) => Object.keys(document.controls)))].sort();
}
