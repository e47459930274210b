import { getControl } from "@/lib/policy/catalogue";
import { type Baseline, DATA_CLASSES, type DataClass } from "@/lib/policy/document";
import { covers, isInForce, type PolicyExceptionTerms } from "@/lib/policy/exception";
import type { Facts } from "@/lib/policy/facts";
import { anyGlobMatches } from "@/lib/policy/glob";

/** What a baseline can declare and traffic can depart from, in the order in which people read it. */
export const DRIFT_DIMENSIONS = [
  "models",
  "tools",
  "dataClasses",
  "destinations",
  "retrievalSources",
  "purposes",
  "credentialKinds",
  "credentialAge",
  "requestRate",
  "promptSize",
  "toolCalls",
] as const;
export type DriftDimension = (typeof DRIFT_DIMENSIONS)[number];

/** A value that facts state, with the control that judges it. */
type Sighting = readonly [control: string, value: string | number | undefined];

interface Dimension {
  title: string;
  /** Where the baseline declares it. */
  path: string;
  sightings: (facts: Facts) => readonly Sighting[];
  isBaselined: (baseline: Baseline) => boolean;
  /** Is the value within what is declared? True where the baseline declares nothing (`null`). */
  admits: (baseline: Baseline, value: string) => boolean;
}

type Listed = "models" | "destinations" | "retrievalSources" | "purposes";

function listed(field: Listed, title: string, sightings: Dimension["sightings"]): Dimension {
  return {
    title,
    path: `baseline.${field}`,
    sightings,
    isBaselined: (baseline) => baseline[field] !== null,
    admits: (baseline, value) => anyGlobMatches(baseline[field], value),
  };
}

function limited(
  path: string,
  title: string,
  limit: (baseline: Baseline) => number | null,
  sightings: Dimension["sightings"],
): Dimension {
  return {
    title,
    path: `baseline.${path}`,
    sightings,
    isBaselined: (baseline) => limit(baseline) !== null,
    admits: (baseline, value) => {
      const most = limit(baseline);
      return most === null || Number(value) <= most;
    },
  };
}

/** A data class is declared when it, or one above it, stands in the list: what is fit for more is fit for less. */
function admitsClass(declared: Baseline["dataClasses"], value: string): boolean {
  if (declared === null) return true;
  const rank = DATA_CLASSES.indexOf(value as DataClass);
  return declared.some((dataClass) => DATA_CLASSES.indexOf(dataClass) >= rank);
}

/** Each dimension: how facts state it, and when a baseline declares a value of it, as the evaluator's own controls see it. */
export const DIMENSIONS: Readonly<Record<DriftDimension, Dimension>> = {
  models: listed("models", "Models", (facts) => [["model-not-approved", facts.model]]),
  tools: {
    title: "Tools",
    path: "baseline.tools",
    sightings: (facts) => [["tool-not-approved", facts.tool]],
    isBaselined: ({ tools }) => tools !== null,
    admits: ({ tools }, value) => anyGlobMatches(tools?.map(({ name }) => name) ?? null, value),
  },
  dataClasses: {
    title: "Data classes",
    path: "baseline.dataClasses",
    sightings: (facts) => [["data-class-exceeded", facts.dataClass]],
    isBaselined: ({ dataClasses }) => dataClasses !== null,
    admits: ({ dataClasses }, value) => admitsClass(dataClasses, value),
  },
  destinations: listed("destinations", "Destinations", (facts) => [
    ["destination-not-approved", facts.destination],
    ...Object.keys(facts.links).map((host): Sighting => ["unknown-links", host]),
  ]),
  retrievalSources: listed("retrievalSources", "Retrieval sources", (facts) => [
    ["retrieval-source-not-approved", facts.retrievalSource],
  ]),
  purposes: listed("purposes", "Purposes", (facts) => [["purpose-not-approved", facts.purpose]]),
  credentialKinds: {
    title: "Kinds of credential",
    path: "baseline.credentials.kinds",
    sightings: (facts) => [["credential-kind", facts.credential.kind]],
    isBaselined: ({ credentials }) => credentials.kinds !== null,
    admits: ({ credentials }, value) => anyGlobMatches(credentials.kinds, value),
  },
  credentialAge: limited(
    "credentials.maxAgeHours",
    "Age of credentials",
    ({ credentials }) => credentials.maxAgeHours,
    (facts) => [["credential-age", facts.credential.ageBucket]],
  ),
  requestRate: limited(
    "traffic.requestsPerMinute",
    "Requests a minute",
    ({ traffic }) => traffic.requestsPerMinute,
    (facts) => [["request-rate", facts.requestRateBucket]],
  ),
  promptSize: limited(
    "traffic.promptChars",
    "Size of prompts",
    ({ traffic }) => traffic.promptChars,
    (facts) => [["prompt-size", facts.promptCharsBucket]],
  ),
  toolCalls: limited(
    "traffic.toolCallsPerSession",
    "Tool calls in a session",
    ({ traffic }) => traffic.toolCallsPerSession,
    (facts) => [["tool-call-count", facts.toolCallsBucket]],
  ),
};

/** A value that is stated, in a dimension, with the control that judges it. */
export interface Stated {
  dimension: DriftDimension;
  value: string;
  control: string;
}

function isJudged(control: string, facts: Facts): boolean {
  return getControl(control)?.actions.includes(facts.action) ?? false;
}

/** Facts are read once and judged by many baselines: what they state is worked out once. */
const STATED = new WeakMap<Facts, readonly Stated[]>();

/** Every value that facts state and a control of the baseline looks at. A canary states nothing. */
export function statedBy(facts: Facts): readonly Stated[] {
  const known = STATED.get(facts);
  if (known) return known;
  const stated = facts.canary ? [] : stateAll(facts);
  STATED.set(facts, stated);
  return stated;
}

function stateAll(facts: Facts): Stated[] {
  return DRIFT_DIMENSIONS.flatMap((dimension) =>
    DIMENSIONS[dimension].sightings(facts).flatMap(([control, value]): Stated[] => {
      if (value === undefined || value === "" || !isJudged(control, facts)) return [];
      return [{ dimension, value: String(value), control }];
    }),
  );
}

/**
 * The values by which facts depart from a baseline. There is one for a control exactly when that control would fire, were
 * it bound (`unknown-links` at its most sensitive). What is not baselined is departed from by nothing.
 */
export function departuresOf(facts: Facts, baseline: Baseline): Stated[] {
  return statedBy(facts).filter(({ dimension, value }) => !DIMENSIONS[dimension].admits(baseline, value));
}

/** Facts with how often they were met in a window, when first at all, and in which hour last. */
export interface MetFacts {
  /** Hex. */
  digest: string;
  facts: Facts;
  n: number;
  first: Date;
  last: Date;
}

/** An undeclared value of a use case's traffic. */
export interface DriftValue {
  dimension: DriftDimension;
  value: string;
  /** Sorted. */
  controls: string[];
  n: number;
  /** Of which an exception in force covers. */
  covered: number;
  first: Date;
  /** Start of the hour. */
  last: Date;
  /** Most decisions first. */
  workloads: { slug: string; n: number }[];
  exceptions: { ref: string; expiresAt: Date }[];
  /** Hex digests of the facts that state it. */
  facts: string[];
}

/** The name of an undeclared value within its use case. */
export function keyOf({ dimension, value }: Pick<DriftValue, "dimension" | "value">): string {
  return `${dimension}:${value}`;
}

/** When it was last seen, as well as hours know: not before it was first seen. */
export function lastSeenOf({ first, last }: Pick<DriftValue, "first" | "last">): Date {
  return new Date(Math.max(first.getTime(), last.getTime()));
}

/**
 * The undeclared values of what was met, most decisions first. A decision is covered when exceptions in force at `now`
 * cover every control by which it departs in that value.
 */
export function foldDrift(
  met: readonly MetFacts[],
  baseline: Baseline,
  exceptions: readonly PolicyExceptionTerms[],
  now: Date,
): DriftValue[] {
  const inForce = exceptions.filter((terms) => isInForce(terms, now));
  const found = new Map<string, Folding>();
  for (const one of met) {
    const byKey = Map.groupBy(departuresOf(one.facts, baseline), keyOf);
    for (const [key, departures] of byKey) {
      const [{ dimension, value }] = departures as [Stated, ...Stated[]];
      const folding = found.get(key) ?? newFolding(dimension, value, one);
      found.set(key, folding);
      add(folding, one, departures, inForce);
    }
  }
  return [...found.values()].map(toValue).sort(byWeight);
}

interface Folding extends Pick<DriftValue, "dimension" | "value" | "n" | "covered" | "first" | "last"> {
  controls: Set<string>;
  workloads: Map<string, number>;
  exceptions: Map<string, Date>;
  facts: string[];
}

function newFolding(dimension: DriftDimension, value: string, { first, last }: MetFacts): Folding {
  const empty = { controls: new Set<string>(), workloads: new Map(), exceptions: new Map(), facts: [] };
  return { dimension, value, n: 0, covered: 0, first, last, ...empty };
}

function add(
  folding: Folding,
  { digest, facts, n, first, last }: MetFacts,
  departures: readonly Stated[],
  inForce: readonly PolicyExceptionTerms[],
): void {
  folding.n += n;
  if (first < folding.first) folding.first = first;
  if (last > folding.last) folding.last = last;
  folding.facts.push(digest);
  folding.workloads.set(facts.workload, (folding.workloads.get(facts.workload) ?? 0) + n);
  const spared = departures.map(({ control, value }) => {
    folding.controls.add(control);
    return inForce.find((terms) => covers(terms, facts, control, [value]));
  });
  for (const terms of spared) if (terms) folding.exceptions.set(terms.ref, terms.expiresAt);
  if (spared.every((terms) => terms !== undefined)) folding.covered += n;
}

function toValue({ controls, workloads, exceptions, ...rest }: Folding): DriftValue {
  return {
    ...rest,
    controls: [...controls].sort(),
    workloads: [...workloads]
      .map(([slug, n]) => ({ slug, n }))
      .sort((a, b) => b.n - a.n || (a.slug < b.slug ? -1 : 1)),
    exceptions: [...exceptions]
      .map(([ref, expiresAt]) => ({ ref, expiresAt }))
      .sort((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime() || (a.ref < b.ref ? -1 : 1)),
  };
}

function byWeight(a: DriftValue, b: DriftValue): number {
  const place = ({ dimension }: DriftValue) => DRIFT_DIMENSIONS.indexOf(dimension);
  return b.n - a.n || place(a) - place(b) || (a.value < b.value ? -1 : 1);
}

/** The dimensions in which something was seen and the baseline declares nothing (`null`). */
export function notBaselined(met: readonly Pick<MetFacts, "facts">[], baseline: Baseline): DriftDimension[] {
  const open = DRIFT_DIMENSIONS.filter((dimension) => !DIMENSIONS[dimension].isBaselined(baseline));
  return open.filter((dimension) =>
    met.some(({ facts }) => statedBy(facts).some((stated) => stated.dimension === dimension)),
  );
}
