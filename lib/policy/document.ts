import { z } from "zod";
import {
  COHORT_PERCENT_BOUNDS,
  CREDENTIAL_AGE_HOURS_BOUNDS,
  offBoundMessage,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "./buckets";
import { getControl, isCustomControl } from "./catalogue";
import {
  CAPTURES,
  CREDENTIAL_KINDS,
  DATA_CLASSES,
  FAIL_MODES,
  IMPACTS,
  MODES,
  SENSITIVITIES,
  STAGES,
} from "./vocabulary";
import { whenProblem } from "./when";

export * from "./vocabulary";

const UNAVAILABLE = "detector-unavailable";
const MAX_LIST = 500;
const MAX_CUSTOM_CONTROLS = 100;

/** A text that may hold wildcards; the marks that Cedar text would need to escape are refused. */
const globSchema = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(200)
  .regex(/^[^\p{C}"\\]*$/u, "must not hold quotes, backslashes or control characters")
  .refine((glob) => !glob.includes("**"), "two wildcards in a row mean the same as one")
  .refine((glob) => glob.split("*").length <= 5, "at most four wildcards");

const hostGlobSchema = globSchema.regex(
  /^[a-z0-9.:*[\]_-]*$/,
  "must be a host in lower case, without scheme or path; * is a wildcard",
);

function unique<T>(key: (item: T) => string) {
  return (list: readonly T[], ctx: z.RefinementCtx) => {
    const seen = new Set<string>();
    list.forEach((item, index) => {
      if (seen.has(key(item))) {
        ctx.addIssue({ code: "custom", path: [index], message: "stands in the list twice" });
      }
      seen.add(key(item));
    });
  };
}

function listOf<T extends z.ZodType<string>>(item: T) {
  return z.array(item).max(MAX_LIST).superRefine(unique<string>(String));
}

function threshold(bounds: readonly number[]) {
  return z.number().superRefine((value, ctx) => {
    const message = offBoundMessage(value, bounds);
    if (message !== null) ctx.addIssue({ code: "custom", message });
  });
}

/** Slug of an outside detector. */
const detectorSchema = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be the name of an outside detector")
  .max(80);

const toolSchema = z.strictObject({ name: globSchema, impact: z.enum(IMPACTS) });

const baselineSchema = z.strictObject({
  purposes: listOf(globSchema).nullable(),
  models: listOf(globSchema).nullable(),
  dataClasses: listOf(z.enum(DATA_CLASSES)).nullable(),
  tools: z
    .array(toolSchema)
    .max(MAX_LIST)
    .superRefine(unique<z.infer<typeof toolSchema>>((tool) => tool.name))
    .nullable(),
  destinations: listOf(hostGlobSchema).nullable(),
  retrievalSources: listOf(globSchema).nullable(),
  credentials: z.strictObject({
    kinds: listOf(z.enum(CREDENTIAL_KINDS)).nullable(),
    maxAgeHours: threshold(CREDENTIAL_AGE_HOURS_BOUNDS).nullable(),
  }),
  traffic: z.strictObject({
    requestsPerMinute: threshold(REQUESTS_PER_MINUTE_BOUNDS).nullable(),
    promptChars: threshold(PROMPT_CHARS_BOUNDS).nullable(),
    toolCallsPerSession: threshold(TOOL_CALLS_BOUNDS).nullable(),
  }),
});

const bindingSchema = z.strictObject({
  mode: z.enum(MODES),
  sensitivity: z.enum(SENSITIVITIES).optional(),
  when: z
    .string()
    .max(2000)
    .superRefine((when, ctx) => {
      const problem = whenProblem(when);
      if (problem !== null) ctx.addIssue({ code: "custom", message: problem });
    })
    .optional(),
  phrases: listOf(z.string().trim().min(2).max(200)).optional(),
  patterns: listOf(z.string().min(1).max(500)).optional(),
});

/** What a custom control may not be, as field and message. */
function customProblem(binding: z.infer<typeof bindingSchema>): [field: string, message: string] | null {
  const content = Boolean(binding.phrases?.length || binding.patterns?.length);
  if (content && binding.sensitivity === undefined) {
    return ["sensitivity", "is needed where phrases or patterns are"];
  }
  if (binding.when === undefined && binding.sensitivity === undefined) {
    return ["when", "a custom control needs a condition, or a sensitivity for what is found in content"];
  }
  return null;
}

/** What a built-in control may not be, as field and message. */
function builtInProblem(id: string, binding: z.infer<typeof bindingSchema>): [string, string] | null {
  const control = getControl(id, binding);
  if (control === null) return ["", "there is no such control; custom ones are named custom/<slug>"];
  for (const field of ["when", "phrases", "patterns"] as const) {
    if (binding[field] !== undefined) return [field, "only custom controls have this"];
  }
  if (control.takesSensitivity && binding.sensitivity === undefined) {
    return ["sensitivity", "this control needs a sensitivity"];
  }
  if (!control.takesSensitivity && binding.sensitivity !== undefined) {
    return ["sensitivity", "this control takes no sensitivity"];
  }
  return null;
}

const controlsSchema = z.record(z.string(), bindingSchema).superRefine((controls, ctx) => {
  for (const [id, binding] of Object.entries(controls)) {
    const problem = isCustomControl(id) ? customProblem(binding) : builtInProblem(id, binding);
    if (problem !== null) {
      ctx.addIssue({ code: "custom", path: [id, problem[0]].filter(Boolean), message: problem[1] });
    } else if (binding.mode === "redact" && !getControl(id, binding)?.knowsSpans) {
      ctx.addIssue({ code: "custom", path: [id, "mode"], message: "this control knows no spans to redact" });
    }
  }
  if (Object.keys(controls).filter(isCustomControl).length > MAX_CUSTOM_CONTROLS) {
    ctx.addIssue({ code: "custom", message: `at most ${MAX_CUSTOM_CONTROLS} custom controls` });
  }
});

const limitedSchema = z.strictObject({
  controls: listOf(z.string()),
  cohort: z.strictObject({
    percent: threshold(COHORT_PERCENT_BOUNDS),
    workloads: listOf(z.string().min(1).max(200)),
  }),
});

/** When the stage steps down by itself: more blocks in an hour, or more appeals in a day, than this. `null`: no bound. */
const safeguardSchema = z.strictObject({
  blocksPerHour: z.int().min(1).max(1_000_000).nullable(),
  appealsPerDay: z.int().min(1).max(10_000).nullable(),
});

/**
 * The policy document of a use case, or of a floor (design: "The policy document"). Unknown fields are refused.
 * A control that is not listed is off. `null` for a list or a number means "anything" (not yet baselined).
 */
export const policyDocumentSchema = z
  .strictObject({
    schema: z.literal("sluice.policy/v1"),
    template: z.string().max(80).nullable(),
    stage: z.enum(STAGES),
    limited: limitedSchema,
    failMode: z.enum(FAIL_MODES),
    capture: z.enum(CAPTURES),
    baseline: baselineSchema,
    controls: controlsSchema,
    /** Outside detectors that are asked, by name; absent is none. */
    detectors: listOf(detectorSchema).optional(),
    /** The step-down safeguard; absent is none. */
    safeguard: safeguardSchema.optional(),
  })
  .superRefine((document, ctx) => {
    if (document.detectors?.length && !Object.hasOwn(document.controls, UNAVAILABLE)) {
      const message =
        "say what happens when an outside detector does not answer: log lets pass, enforce blocks";
      ctx.addIssue({ code: "custom", path: ["controls", UNAVAILABLE], message });
    }
    document.limited.controls.forEach((id, index) => {
      if (isCustomControl(id) ? !Object.hasOwn(document.controls, id) : getControl(id) === null) {
        ctx.addIssue({
          code: "custom",
          path: ["limited", "controls", index],
          message: "there is no such control in the catalogue or this policy",
        });
      }
    });
  });

export type PolicyDocument = z.infer<typeof policyDocumentSchema>;
export type ControlBinding = z.infer<typeof bindingSchema>;
export type Tool = z.infer<typeof toolSchema>;
export type Limited = z.infer<typeof limitedSchema>;
export type Safeguard = z.infer<typeof safeguardSchema>;
export type Baseline = z.infer<typeof baselineSchema>;
export type Traffic = Baseline["traffic"];
