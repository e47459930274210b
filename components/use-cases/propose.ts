import { valueSentence } from "@/components/drift/words";
import { DRIFT_DIMENSIONS, type DriftDimension } from "@/lib/drift/rules";
import {
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "@/lib/policy/buckets";
import {
  CREDENTIAL_KINDS,
  DATA_CLASSES,
  type DataClass,
  type PolicyDocument,
  type Tool,
} from "@/lib/policy/document";
import { anyGlobMatches } from "@/lib/policy/glob";
import { nextStage } from "@/lib/readiness/rules";
import type { ObservedField, ObservedView } from "@/lib/telemetry/views";
import { type ControlWish, proposalForControl } from "./propose-control";

/** Lists of the baseline that can be declared from what was seen; workloads are registered instead. */
export const DECLARABLE = [
  "purposes",
  "models",
  "dataClasses",
  "tools",
  "destinations",
  "retrievalSources",
] as const satisfies readonly ObservedField[];
export type Declarable = (typeof DECLARABLE)[number];

/** What a limit of the baseline is bucketed by; a value above the last bound fits under no limit. */
const LIMITS = {
  credentialAge: CREDENTIAL_AGE_HOURS_BOUNDS,
  requestRate: REQUESTS_PER_MINUTE_BOUNDS,
  promptSize: PROMPT_CHARS_BOUNDS,
  toolCalls: TOOL_CALLS_BOUNDS,
} as const satisfies Partial<Record<DriftDimension, readonly number[]>>;

const READING =
  /^(get|list|read|search|find|check|view|fetch|lookup|look_up|query|count|describe|show)(_|-|$)/i;

/** A tool as it is first proposed: low impact when its name says that it only reads, high otherwise. */
function proposedTool(name: string): Tool {
  return { name, impact: READING.test(name) ? "low" : "high" };
}

/**
 * The document with these values declared besides what it declares already. A list that said "anything" becomes
 * exactly these values. What the list covers already (also by a glob) is not repeated.
 */
export function declare(
  document: PolicyDocument,
  field: Declarable,
  values: readonly string[],
): PolicyDocument {
  const { baseline } = document;
  const declared = baseline[field]?.map((item) => (typeof item === "string" ? item : item.name)) ?? [];
  const news = [...new Set(values)].filter((value) => !anyGlobMatches(declared, value)).sort();
  if (field === "tools") {
    return {
      ...document,
      baseline: { ...baseline, tools: [...(baseline.tools ?? []), ...news.map(proposedTool)] },
    };
  }
  if (field === "dataClasses") {
    const all = new Set([...declared, ...news]);
    const dataClasses: DataClass[] = DATA_CLASSES.filter((name) => all.has(name));
    return { ...document, baseline: { ...baseline, dataClasses } };
  }
  return { ...document, baseline: { ...baseline, [field]: [...declared, ...news] } };
}

/** The limit raised to the largest of these values, or to none; never lowered. */
function raised(limit: number | null, values: readonly string[], bounds: readonly number[]): number | null {
  if (limit === null) return null;
  const most = Math.max(limit, ...values.map(Number));
  return most > (bounds.at(-1) ?? 0) ? null : most;
}

function declareKinds(document: PolicyDocument, values: readonly string[]): PolicyDocument {
  const { baseline } = document;
  const { kinds } = baseline.credentials;
  if (kinds === null) return document;
  const all = new Set<string>([...kinds, ...values]);
  const credentials = { ...baseline.credentials, kinds: CREDENTIAL_KINDS.filter((kind) => all.has(kind)) };
  return { ...document, baseline: { ...baseline, credentials } };
}

function raiseLimit(
  document: PolicyDocument,
  dimension: keyof typeof LIMITS,
  values: readonly string[],
): PolicyDocument {
  const { credentials, traffic } = document.baseline;
  const raise = (limit: number | null) => raised(limit, values, LIMITS[dimension]);
  const next = {
    credentialAge: { credentials: { ...credentials, maxAgeHours: raise(credentials.maxAgeHours) } },
    requestRate: { traffic: { ...traffic, requestsPerMinute: raise(traffic.requestsPerMinute) } },
    promptSize: { traffic: { ...traffic, promptChars: raise(traffic.promptChars) } },
    toolCalls: { traffic: { ...traffic, toolCallsPerSession: raise(traffic.toolCallsPerSession) } },
  };
  return { ...document, baseline: { ...document.baseline, ...next[dimension] } };
}

/** The document with these undeclared values of a dimension declared: what drifted no longer does. */
export function declareDrift(
  document: PolicyDocument,
  dimension: DriftDimension,
  values: readonly string[],
): PolicyDocument {
  if (isDeclarable(dimension)) return declare(document, dimension, values);
  return dimension === "credentialKinds"
    ? declareKinds(document, values)
    : raiseLimit(document, dimension, values);
}

/** Declares everything that was seen. A list in which nothing was seen stays as it is. */
export function declareObserved(
  document: PolicyDocument,
  observed: Pick<ObservedView, "fields">,
): PolicyDocument {
  return DECLARABLE.reduce((so, field) => {
    const seen = observed.fields[field].seen.map(({ value }) => value);
    return seen.length === 0 ? so : declare(so, field, seen);
  }, document);
}

/** What a link to a new draft asks to be filled in, as its query says it. */
export interface Wish extends ControlWish {
  /** `observed`: all that was seen; `field`: all of one list; `next-stage`. */
  propose?: string | undefined;
  field?: string | undefined;
  /** Undeclared values of traffic, each `dimension:value`. */
  declare?: readonly string[] | undefined;
}

function isDeclarable(field: string | undefined): field is Declarable {
  return DECLARABLE.some((known) => known === field);
}

/** The values that a link names; what is no `dimension:value` is left out. */
function driftOf(names: readonly string[]): { dimension: DriftDimension; value: string }[] {
  return names.flatMap((name) => {
    const at = name.indexOf(":");
    const dimension = DRIFT_DIMENSIONS.find((known) => known === name.slice(0, at));
    const value = name.slice(at + 1);
    return dimension && value ? [{ dimension, value }] : [];
  });
}

/** Does filling in this wish need what traffic shows? */
export function needsObserved(wish: Wish): boolean {
  return wish.propose === "observed" || wish.propose === "field";
}

/** The proposal that a draft starts with, and why, in words to be edited. A wish that says nothing changes nothing. */
export function proposalFor(
  wish: Wish,
  document: PolicyDocument,
  observed: Pick<ObservedView, "fields"> | null,
): { proposal: PolicyDocument; justification: string } {
  const nothing = { proposal: document, justification: "" };
  if (wish.propose === "observed" && observed) {
    return {
      proposal: declareObserved(document, observed),
      justification: "Declare the baseline as observed.",
    };
  }
  if (wish.propose === "field" && observed && isDeclarable(wish.field)) {
    const seen = observed.fields[wish.field].seen.map(({ value }) => value);
    return {
      proposal: declare(document, wish.field, seen),
      justification: `Declare as observed: ${wish.field}.`,
    };
  }
  const drift = driftOf(wish.declare ?? []);
  if (drift.length > 0) {
    const named = drift.map(({ dimension, value }) => valueSentence(dimension, value)).join(", ");
    return {
      proposal: drift.reduce((so, { dimension, value }) => declareDrift(so, dimension, [value]), document),
      justification: `Declare what traffic shows and the policy does not declare yet: ${named}.`,
    };
  }
  if (wish.control) return proposalForControl(wish, document) ?? nothing;
  const next = wish.propose === "next-stage" ? nextStage(document) : null;
  return next
    ? { proposal: next, justification: `Raise the stage from ${document.stage} to ${next.stage}.` }
    : nothing;
}
