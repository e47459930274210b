import * as fc from "fast-check";
import {
  COHORT_PERCENT_BOUNDS,
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "@/lib/policy/buckets";
import { CONTROLS } from "@/lib/policy/catalogue";
import { documentDigest } from "@/lib/policy/digest";
import {
  type ControlBinding,
  CREDENTIAL_KINDS,
  type CredentialKind,
  MODES,
  type PolicyDocument,
  SENSITIVITIES,
  type Stage,
} from "@/lib/policy/document";
import type { Facts } from "@/lib/policy/facts";
import { compare, join } from "@/lib/policy/lattice";

const CUSTOM = "custom/seen-together";
/** Every request here carries a static credential: mostly that is allowed, or all else would be hidden. */
const KINDS = fc.oneof(
  { weight: 7, arbitrary: fc.constantFrom<CredentialKind[] | null>(null, ["static"], [...CREDENTIAL_KINDS]) },
  { weight: 1, arbitrary: fc.constant<CredentialKind[]>(["task"]) },
);
const WORD = /^[\w./-]+$/;

/** What the traffic holds that a policy can name, each once. */
interface Seen {
  purposes: string[];
  models: string[];
  tools: string[];
  destinations: string[];
  retrievalSources: string[];
  dataClasses: NonNullable<Facts["dataClass"]>[];
  workloads: string[];
  detectors: string[];
  prompts: number[];
  rates: number[];
  toolCalls: number[];
}

function seenIn(facts: readonly Facts[]): Seen {
  const values = <T>(pick: (one: Facts) => T | undefined) =>
    [...new Set(facts.map(pick))].filter((value) => value !== undefined).sort() as NonNullable<T>[];
  return {
    purposes: values(({ purpose }) => purpose),
    models: values(({ model }) => model),
    tools: values(({ tool }) => tool),
    destinations: values(({ destination }) => destination),
    retrievalSources: values(({ retrievalSource }) => retrievalSource),
    dataClasses: values(({ dataClass }) => dataClass),
    workloads: values(({ workload }) => workload),
    detectors: [...new Set(facts.flatMap(({ signals }) => Object.keys(signals)))].sort(),
    prompts: values(({ promptCharsBucket }) => promptCharsBucket),
    rates: values(({ requestRateBucket }) => requestRateBucket),
    toolCalls: values(({ toolCallsBucket }) => toolCallsBucket),
  };
}

/** `search_files` → `search_*`, now and then: what people declare. */
function declared(values: readonly string[]): fc.Arbitrary<string[] | null> {
  const item = (value: string) =>
    fc.constantFrom(value, value, value.replace(/^([a-z0-9]+[_/-]).+$/i, "$1*"));
  const some = fc.subarray([...values], { minLength: Math.ceil(values.length / 2) });
  const lists = some.chain((list) => fc.tuple(...list.map(item)).map((globs) => [...new Set(globs)]));
  return fc.oneof({ weight: 4, arbitrary: lists }, { weight: 1, arbitrary: fc.constant(null) });
}

/** A threshold among the numbers that the traffic reached, so that it lies inside the traffic. */
function threshold(bounds: readonly number[], reached: readonly number[]): fc.Arbitrary<number | null> {
  return fc.constantFrom(null, ...bounds.filter((bound) => reached.includes(bound)));
}

function bindings({ detectors, models, tools }: Seen, base: PolicyDocument) {
  const controls = CONTROLS.filter(({ id, takesSensitivity }) => !takesSensitivity || detectors.includes(id));
  const builtIn = controls.map(({ id, knowsSpans, takesSensitivity }) => {
    const mode = fc.constantFrom(...MODES.filter((one) => one !== "redact" || knowsSpans));
    const binding: fc.Arbitrary<ControlBinding> = takesSensitivity
      ? fc.record({ mode, sensitivity: fc.constantFrom(...SENSITIVITIES) })
      : fc.record({ mode });
    return kept(
      binding,
      base.controls[id] ?? { mode: "off", ...(takesSensitivity && { sensitivity: "L2" }) },
    ).map((value) => [id, value] as const);
  });
  const custom = fc
    .record({
      mode: fc.constantFrom("off" as const, "log" as const, "require_approval" as const, "enforce" as const),
      tool: fc.constantFrom(...tools.filter((tool) => WORD.test(tool))),
      model: fc.constantFrom(...models.filter((model) => WORD.test(model))),
    })
    .map(({ mode, tool, model }) => ({
      mode,
      when: `context.tool == "${tool}" || context.model == "${model}" && context.attributed`,
    }));
  return fc.tuple(
    ...builtIn,
    kept(custom, base.controls[CUSTOM] ?? { mode: "off", when: 'context.tool == "-"' }).map(
      (value) => [CUSTOM, value] as const,
    ),
  );
}

/** About half of the fields of a change stay as they were. */
function kept<T>(changed: fc.Arbitrary<T>, value: T): fc.Arbitrary<T> {
  return fc.oneof(fc.constant(value), changed);
}

/** Which way a change goes: generated as it falls, or only what of it is stricter, or only what is looser. */
export type Lean = "mixed" | "tightens" | "loosens";

function leaning(base: PolicyDocument, proposal: PolicyDocument, lean: Lean): PolicyDocument {
  if (lean === "mixed") return proposal;
  if (lean === "tightens") return join(base, proposal);
  const loosened = structuredClone(base);
  for (const { path, to, direction } of compare(base, proposal).moves) {
    if (direction !== "loosens") continue;
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const parent = keys.reduce<Record<string, unknown>>(
      (node, key) => node[key] as Record<string, unknown>,
      loosened,
    );
    parent[last] = to;
  }
  return loosened;
}

/**
 * Proposals that start from `base`, move the stage to `stage` unless that goes against `lean`, and are made of what
 * the traffic really holds.
 */
export function anyProposal(
  base: PolicyDocument,
  facts: readonly Facts[],
  { stage, lean }: { stage: Stage; lean: Lean },
): fc.Arbitrary<PolicyDocument> {
  const seen = seenIn(facts);
  const { baseline, limited } = base;
  const tool = (name: string) =>
    fc.record({
      name: fc.constant(name),
      impact: fc.constantFrom("low" as const, "low" as const, "high" as const),
    });
  const tools = declared(seen.tools).chain((names) =>
    names === null ? fc.constant(null) : fc.tuple(...names.map(tool)),
  );
  return fc
    .record({
      enrolled: kept(fc.subarray([...CONTROLS.map(({ id }) => id)], { minLength: 12 }), limited.controls),
      cohort: fc.record({
        percent: kept(fc.constantFrom(...COHORT_PERCENT_BOUNDS), limited.cohort.percent),
        workloads: kept(fc.subarray(seen.workloads), limited.cohort.workloads),
      }),
      baseline: fc.record({
        purposes: kept(declared(seen.purposes), baseline.purposes),
        models: kept(declared(seen.models), baseline.models),
        dataClasses: kept(fc.option(fc.subarray(seen.dataClasses)), baseline.dataClasses),
        tools: kept<typeof baseline.tools>(tools, baseline.tools),
        destinations: kept(declared(seen.destinations), baseline.destinations),
        retrievalSources: kept(declared(seen.retrievalSources), baseline.retrievalSources),
        credentials: fc.record({
          kinds: kept(KINDS, baseline.credentials.kinds),
          maxAgeHours: kept(
            fc.constantFrom(null, ...CREDENTIAL_AGE_HOURS_BOUNDS.slice(0, 3)),
            baseline.credentials.maxAgeHours,
          ),
        }),
        traffic: fc.record({
          requestsPerMinute: kept(
            threshold(REQUESTS_PER_MINUTE_BOUNDS, seen.rates),
            baseline.traffic.requestsPerMinute,
          ),
          promptChars: kept(threshold(PROMPT_CHARS_BOUNDS, seen.prompts), baseline.traffic.promptChars),
          toolCallsPerSession: kept(
            threshold(TOOL_CALLS_BOUNDS, seen.toolCalls),
            baseline.traffic.toolCallsPerSession,
          ),
        }),
      }),
      controls: bindings(seen, base).map((entries) => Object.fromEntries(entries)),
    })
    .map(
      (change): PolicyDocument => ({
        ...base,
        stage,
        limited: { controls: change.enrolled, cohort: change.cohort },
        baseline: change.baseline,
        controls: { ...base.controls, ...change.controls },
      }),
    )
    .map((proposal) => leaning(base, proposal, lean))
    .filter((proposal) => documentDigest(proposal) !== documentDigest(base));
}
