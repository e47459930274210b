import { z } from "zod";
import { isCustomControl } from "@/lib/policy/catalogue";
import { OUTCOMES, SENSITIVITIES } from "@/lib/policy/vocabulary";
import { instantSchema, UNWRITABLE, WRITABLE } from "@/lib/schema";

/** What of a request the coarse hours are counted by. */
export const DIMENSIONS = ["model", "tool", "data_class", "workload", "action"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 400;
const LONGEST_HOURLY_DAYS = 62;

const instant = instantSchema.transform((text) => new Date(text));
const slug = z.string().min(1).max(80).regex(WRITABLE, UNWRITABLE);
const word = z.string().min(1).max(300).regex(WRITABLE, UNWRITABLE);

/** A refinement also meets what failed its own check, which is said already. */
interface Span {
  from: unknown;
  to: unknown;
}

function spansAtMost(days: number) {
  return ({ from, to }: Span, ctx: z.RefinementCtx) => {
    if (!(from instanceof Date && to instanceof Date)) return;
    if (to <= from) ctx.addIssue({ code: "custom", path: ["to"], message: "must be after `from`" });
    else if (to.getTime() - from.getTime() > days * DAY_MS)
      ctx.addIssue({ code: "custom", path: ["from"], message: `at most ${days} days before \`to\`` });
  };
}

const windowShape = { from: instant, to: instant, useCase: slug.optional() };

export const windowSchema = z.strictObject(windowShape).superRefine(spansAtMost(LONGEST_DAYS));

export const seriesSchema = z
  .strictObject({
    ...windowShape,
    bucket: z.enum(["hour", "day"]),
    by: z.enum(["outcome", "wouldBe"]).default("outcome"),
  })
  .superRefine((input, ctx) =>
    spansAtMost(input.bucket === "hour" ? LONGEST_HOURLY_DAYS : LONGEST_DAYS)(input, ctx),
  );

export const breakdownSchema = z
  .strictObject({
    ...windowShape,
    dimension: z.enum(["control", ...DIMENSIONS]),
    by: z.enum(["outcome", "wouldBe"]).default("outcome"),
    limit: z.coerce.number().int().min(1).max(100).default(10),
  })
  .superRefine(spansAtMost(LONGEST_DAYS));

const filterShape = {
  ...windowShape,
  outcome: z.enum(OUTCOMES).optional(),
  wouldBe: z.enum(OUTCOMES).optional(),
  control: word.optional(),
  workload: word.optional(),
  model: word.optional(),
  tool: word.optional(),
  dataClass: word.optional(),
  purpose: word.optional(),
  /** A host that was called, or that a link in the content leads to. */
  destination: word.optional(),
  retrievalSource: z.string().min(1).max(500).regex(WRITABLE, UNWRITABLE).optional(),
  session: word.optional(),
  /** `true`: only those of which an exception spared something. */
  exempted: z.literal("true").optional(),
  kind: z.enum(["decision", "observation"]).optional(),
};

/** Filters of the explorer; an absent one does not limit. */
export const decisionFilterSchema = z.strictObject(filterShape).superRefine(spansAtMost(LONGEST_DAYS));

export const decisionListSchema = z
  .strictObject({
    ...filterShape,
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .superRefine(spansAtMost(LONGEST_DAYS));

/** The whole list as a file: the filter, whatever page of it is on the screen. */
export const decisionExportSchema = z
  .strictObject({ ...filterShape, cursor: z.string().optional(), limit: z.string().optional() })
  .superRefine(spansAtMost(LONGEST_DAYS))
  .transform(({ cursor: _cursor, limit: _limit, ...filter }): DecisionFilter => filter);

export const overviewSchema = z
  .strictObject({ from: instant, to: instant })
  .superRefine(spansAtMost(LONGEST_DAYS));

const customId = z.string().refine(isCustomControl, "must be custom/<slug>");
const lookedFor = {
  phrases: z.array(z.string().max(200)).max(500).default([]),
  patterns: z.array(z.string().max(500)).max(500).default([]),
};

/** A custom control as it is being written, on a use case whose policy has these custom controls. */
export const checkControlSchema = z.strictObject({
  useCase: slug,
  id: customId,
  customIds: z.array(customId).max(101).default([]),
  /** Absent or empty: it has no condition. */
  when: z.string().max(4000).default(""),
  ...lookedFor,
});

/** Phrases and patterns, and a text to look through. The text is neither kept nor logged. */
export const tryTextSchema = z.strictObject({
  useCase: slug,
  sensitivity: z.enum(SENSITIVITIES),
  text: z.string().max(20_000, "at most 20,000 characters"),
  ...lookedFor,
});

export type CheckControlInput = z.output<typeof checkControlSchema>;
export type TryTextInput = z.output<typeof tryTextSchema>;

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
export type WindowInput = z.output<typeof windowSchema>;
export type SeriesInput = Optional<z.output<typeof seriesSchema>, "by">;
export type BreakdownInput = Optional<z.output<typeof breakdownSchema>, "by" | "limit">;
export type DecisionFilter = z.output<typeof decisionFilterSchema>;
export type DecisionListInput = Optional<z.output<typeof decisionListSchema>, "limit">;
