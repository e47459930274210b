import * as fc from "fast-check";
import {
  COHORT_PERCENT_BOUNDS,
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "./buckets";
import { CONTROLS } from "./catalogue";
import {
  ACTIONS,
  CAPTURES,
  type ControlBinding,
  CREDENTIAL_KINDS,
  DATA_CLASSES,
  ENVIRONMENTS,
  FAIL_MODES,
  MODES,
  type PolicyDocument,
  SENSITIVITIES,
  STAGES,
} from "./document";
import type { PolicyExceptionTerms } from "./exception";
import { type Facts, toFacts } from "./facts";

/** Generated policies, facts and exceptions over few words, so that they meet each other often. For tests. */

export const NAMES = ["ab", "abc", "ba", "bca", "cab", "c"];
const GLOBS = ["a*", "*b", "ab*", "*c*", "a*c", "b*a", "*", "a*b*", ...NAMES];
export const CUSTOM_IDS = ["custom/one", "custom/two"];
const CONDITIONS = [
  'context.tool == "ab"',
  "context.promptChars > 64",
  '!(context.model like "a*")',
  'context.dataClass == "restricted" && context.attributed',
  "context.promptChars * 9223372036854775807 > 1",
  'if context.attributed then context.tool == "c" else false',
  '(context.tool == "ab") || (context.promptChars > 64)',
];

const globList = fc.option(fc.subarray(GLOBS, { maxLength: 3 }), { nil: null });
const limit = (bounds: readonly number[]) => fc.option(fc.constantFrom(...bounds.slice(0, 8)), { nil: null });
const tool = fc.record({
  name: fc.constantFrom(...GLOBS),
  impact: fc.constantFrom("low" as const, "high" as const),
});
const level = fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const);

function builtInBinding(id: string): fc.Arbitrary<ControlBinding> {
  const control = CONTROLS.find((candidate) => candidate.id === id);
  const modes = MODES.filter((mode) => mode !== "redact" || control?.knowsSpans);
  const mode = fc.constantFrom(...modes);
  return control?.takesSensitivity
    ? fc.record({ mode, sensitivity: fc.constantFrom(...SENSITIVITIES) })
    : fc.record({ mode });
}

const customBinding: fc.Arbitrary<ControlBinding> = fc.oneof(
  fc.record({
    mode: fc.constantFrom("off" as const, "log" as const, "require_approval" as const, "enforce" as const),
    when: fc.constantFrom(...CONDITIONS),
  }),
  fc.record(
    {
      mode: fc.constantFrom("log" as const, "redact" as const, "enforce" as const),
      sensitivity: fc.constantFrom(...SENSITIVITIES),
      phrases: fc.subarray(["one phrase", "another phrase"], { minLength: 1 }),
      patterns: fc.subarray(["a+", "b+"]),
      when: fc.constantFrom(...CONDITIONS),
    },
    { requiredKeys: ["mode", "sensitivity", "phrases"] },
  ),
);

const ids = [...CONTROLS.map(({ id }) => id), ...CUSTOM_IDS];
const controls = fc
  .subarray(ids, { minLength: 1, maxLength: 9 })
  .chain((chosen) =>
    fc.record(
      Object.fromEntries(
        chosen.map((id) => [id, CUSTOM_IDS.includes(id) ? customBinding : builtInBinding(id)]),
      ) as Record<string, fc.Arbitrary<ControlBinding>>,
    ),
  );

const OUTSIDE = ["guard", "moderator"];

const anyFields = fc.record({
  schema: fc.constant("sluice.policy/v1" as const),
  template: fc.constantFrom(null, "default", "public-facing"),
  stage: fc.constantFrom(...STAGES),
  limited: fc.record({
    controls: fc.subarray(ids),
    cohort: fc.record({
      percent: fc.constantFrom(...COHORT_PERCENT_BOUNDS),
      workloads: fc.subarray(["gateway", "agent"]),
    }),
  }),
  failMode: fc.constantFrom(...FAIL_MODES),
  capture: fc.constantFrom(...CAPTURES),
  baseline: fc.record({
    purposes: globList,
    models: globList,
    dataClasses: fc.option(fc.subarray([...DATA_CLASSES]), { nil: null }),
    tools: fc.option(fc.uniqueArray(tool, { maxLength: 4, selector: ({ name }) => name }), { nil: null }),
    destinations: globList,
    retrievalSources: globList,
    credentials: fc.record({
      kinds: fc.option(fc.subarray([...CREDENTIAL_KINDS]), { nil: null }),
      maxAgeHours: limit(CREDENTIAL_AGE_HOURS_BOUNDS),
    }),
    traffic: fc.record({
      requestsPerMinute: limit(REQUESTS_PER_MINUTE_BOUNDS),
      promptChars: limit(PROMPT_CHARS_BOUNDS),
      toolCallsPerSession: limit(TOOL_CALLS_BOUNDS),
    }),
  }),
  controls,
  detectors: fc.option(fc.subarray(OUTSIDE, { minLength: 1 }), { nil: undefined }),
  safeguard: fc.option(
    fc.record({
      blocksPerHour: fc.constantFrom(null, 10, 500),
      appealsPerDay: fc.constantFrom(null, 3),
    }),
    { nil: undefined },
  ),
});

/** Valid policy documents: a custom control is enrolled only where the document has it. */
export const anyDocument: fc.Arbitrary<PolicyDocument> = anyFields.map(({ limited, ...document }) => {
  const enrolled = limited.controls.filter(
    (id) => !CUSTOM_IDS.includes(id) || Object.hasOwn(document.controls, id),
  );
  const { detectors, safeguard, ...fields } = { ...document, limited: { ...limited, controls: enrolled } };
  const rest = { ...fields, ...(safeguard && { safeguard }) };
  if (detectors === undefined) return rest;
  const unavailable = rest.controls["detector-unavailable"] ?? { mode: "log" as const };
  return { ...rest, detectors, controls: { ...rest.controls, "detector-unavailable": unavailable } };
});

const name = fc.constantFrom(...NAMES);
const signals = fc.dictionary(
  fc.constantFrom(
    ...CONTROLS.filter((c) => c.takesSensitivity).map(({ id }) => id),
    ...CUSTOM_IDS,
    "__entity",
  ),
  level,
  { maxKeys: 6 },
);

/** Facts of any request. */
export const anyFacts: fc.Arbitrary<Facts> = fc
  .record(
    {
      action: fc.constantFrom(...ACTIONS),
      attributed: fc.boolean(),
      cohort: fc.constantFrom(...COHORT_PERCENT_BOUNDS.slice(1)),
      credential: fc.record({
        kind: fc.constantFrom(...CREDENTIAL_KINDS),
        ageBucket: fc.constantFrom(...CREDENTIAL_AGE_HOURS_BOUNDS.slice(0, 9)),
      }),
      dataClass: fc.constantFrom(...DATA_CLASSES),
      destination: name,
      environment: fc.constantFrom(...ENVIRONMENTS),
      links: fc.dictionary(name, level, { maxKeys: 3 }),
      model: name,
      promptCharsBucket: fc.constantFrom(...PROMPT_CHARS_BOUNDS.slice(0, 9)),
      purpose: name,
      requestRateBucket: fc.constantFrom(...REQUESTS_PER_MINUTE_BOUNDS.slice(0, 9)),
      retrievalSource: name,
      signals,
      tool: name,
      toolCallsBucket: fc.constantFrom(...TOOL_CALLS_BOUNDS.slice(0, 9)),
      unavailable: fc.subarray(OUTSIDE),
      useCase: fc.constant("support-bot"),
      workload: fc.constantFrom("gateway", "agent", "batch"),
    },
    {
      requiredKeys: [
        "action",
        "attributed",
        "cohort",
        "credential",
        "environment",
        "links",
        "signals",
        "useCase",
        "workload",
      ],
    },
  )
  .map((facts) => toFacts(facts as Facts));

export const EPOCH = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;
const instant = fc.integer({ min: EPOCH, max: EPOCH + 60 * DAY }).map((ms) => new Date(ms));
const maybe = (list: fc.Arbitrary<string[]>) => fc.option(list, { nil: undefined });

/** Exceptions of any age; start before expiry, review not after it. */
export const anyException: fc.Arbitrary<PolicyExceptionTerms> = fc
  .record({
    id: fc.uuid(),
    ref: fc.integer({ min: 1, max: 99 }).map((n) => `EXC-${n}`),
    useCase: fc.constantFrom("support-bot", "support-bot", "other"),
    controls: fc.subarray(ids, { minLength: 1 }),
    scope: fc.record({
      workloads: maybe(fc.subarray(["gateway", "agent"])),
      models: maybe(fc.subarray(GLOBS)),
      tools: maybe(fc.subarray(GLOBS)),
      destinations: maybe(fc.subarray(GLOBS)),
    }),
    riskOwner: fc.constant("Risk Owner"),
    startsAt: instant,
    days: fc.integer({ min: 1, max: 40 }),
    review: fc.double({ min: 0, max: 1, noNaN: true }),
    reviewedAt: fc.option(instant, { nil: null, freq: 1 }),
    endedAt: fc.option(instant, { nil: null, freq: 1 }),
    approvedAt: instant,
  })
  .map(({ days, review, ...terms }) => {
    const expiresAt = new Date(terms.startsAt.getTime() + days * DAY);
    const reviewAt = new Date(terms.startsAt.getTime() + Math.floor(review * days * DAY));
    return { ...terms, expiresAt, reviewAt };
  });

function mixedWith(a: PolicyDocument, b: PolicyDocument, takes: readonly boolean[]): PolicyDocument {
  let next = 0;
  const take = () => takes[next++ % takes.length] === true;
  const blend = <T extends object>(left: T, right: T): T =>
    Object.fromEntries(
      Object.entries(left).map(([key, value]) => [key, take() ? right[key as keyof T] : value]),
    ) as T;
  return {
    ...blend(a, b),
    limited: {
      controls: take() ? b.limited.controls : a.limited.controls,
      cohort: blend(a.limited.cohort, b.limited.cohort),
    },
    baseline: {
      ...blend(a.baseline, b.baseline),
      credentials: blend(a.baseline.credentials, b.baseline.credentials),
      traffic: blend(a.baseline.traffic, b.baseline.traffic),
    },
    controls: take() ? { ...a.controls, ...b.controls } : a.controls,
  };
}

/** A policy and a change of it: most fields stay, so that every direction is met. */
export const anyChange: fc.Arbitrary<[before: PolicyDocument, after: PolicyDocument]> = fc
  .tuple(
    anyDocument,
    anyDocument,
    fc.array(
      fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      { minLength: 40, maxLength: 40 },
    ),
  )
  .map(([a, b, takes]) => [a, mixedWith(a, b, takes)]);
