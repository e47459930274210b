import { z } from "zod";
import { DATA_CLASSES, ENVIRONMENTS } from "@/lib/policy/vocabulary";
import {
  digestSchema,
  idSchema,
  instantSchema,
  pageSchema,
  searchSchema,
  slugSchema,
  text,
} from "@/lib/schema";
import { EXCEPTION_STATUSES } from "./lifecycle";

export const EXCEPTION_CATEGORIES = ["waiver", "mitigated"] as const;
export type ExceptionCategory = (typeof EXCEPTION_CATEGORIES)[number];

/** A justification shorter than this says nothing (design: "Exceptions, always"). */
export const MIN_JUSTIFICATION = 40;

function some<T extends z.ZodType<string>>(item: T) {
  return z
    .array(item)
    .max(100)
    .refine((list) => new Set(list).size === list.length, "each once")
    .optional();
}

const glob = text(200).regex(/^[^\p{C}"\\]*$/u, "must not hold quotes, backslashes or control characters");

/** Only these workloads, models (globs), tools (globs) …; an absent or empty list does not limit. */
export const scopeSchema = z.strictObject({
  workloads: some(slugSchema),
  models: some(glob),
  tools: some(glob),
  dataClasses: some(z.enum(DATA_CLASSES)),
  destinations: some(glob),
  purposes: some(glob),
  environments: some(z.enum(ENVIRONMENTS)),
});

export const requestExceptionSchema = z
  .strictObject({
    useCase: slugSchema,
    controls: z
      .array(text(80).regex(/^[a-z0-9/-]+$/, "must be the id of a control"))
      .min(1, "name at least one control")
      .max(100)
      .refine((ids) => new Set(ids).size === ids.length, "each control once"),
    scope: scopeSchema.default({}),
    justification: text(4000, MIN_JUSTIFICATION),
    compensatingControls: text(4000),
    category: z.enum(EXCEPTION_CATEGORIES),
    riskOwnerId: idSchema,
    businessOwnerId: idSchema,
    startsAt: instantSchema,
    expiresAt: instantSchema,
    reviewAt: instantSchema,
    /** Submit it in the same step. */
    submit: z.boolean().default(false),
  })
  .superRefine(({ startsAt, expiresAt, reviewAt }, ctx) => {
    const [start, expiry, review] = [startsAt, expiresAt, reviewAt].map((instant) => Date.parse(instant));
    if (start === undefined || expiry === undefined || review === undefined) return;
    if (!(expiry > start)) {
      ctx.addIssue({ code: "custom", path: ["expiresAt"], message: "must be after the start" });
    }
    if (!(review > start && review <= expiry)) {
      ctx.addIssue({
        code: "custom",
        path: ["reviewAt"],
        message: "must be after the start and not after the expiry",
      });
    }
  });

/** An approval names the digest of the terms that the approver saw. */
export const approveExceptionSchema = z.strictObject({
  note: text(2000, 0).default(""),
  termsDigest: digestSchema,
});

export const rejectExceptionSchema = z.strictObject({ note: text(2000) });
export const endExceptionSchema = z.strictObject({ reason: text(2000) });
export const withdrawExceptionSchema = z.strictObject({ reason: text(2000, 0).default("") });

export const reviewExceptionSchema = z.strictObject({
  note: text(2000),
  /** When the next review is due; not after the expiry. */
  nextReviewAt: instantSchema,
});

export const EXCEPTION_STATES = [
  ...EXCEPTION_STATUSES,
  "scheduled",
  "in_force",
  "review_overdue",
  "expired",
] as const;

export const listExceptionsSchema = pageSchema.extend({
  /** A stored status, or what an approved one is at this moment. */
  state: z.enum(EXCEPTION_STATES).optional(),
  useCase: slugSchema.optional(),
  owner: idSchema.optional(),
  /** Ends within so many days. */
  expiresWithinDays: z.coerce.number().int().min(1).max(365).optional(),
  /** `true`: only those whose scope leaves the whole use case open. */
  broad: z.enum(["true", "false"]).optional(),
  q: searchSchema,
});

export type ExceptionScopeInput = z.infer<typeof scopeSchema>;
export type RequestExceptionInput = z.input<typeof requestExceptionSchema>;
export type ApproveExceptionInput = z.input<typeof approveExceptionSchema>;
export type RejectExceptionInput = z.infer<typeof rejectExceptionSchema>;
export type EndExceptionInput = z.infer<typeof endExceptionSchema>;
export type WithdrawExceptionInput = z.input<typeof withdrawExceptionSchema>;
export type ReviewExceptionInput = z.infer<typeof reviewExceptionSchema>;
export type ListExceptionsInput = z.infer<typeof listExceptionsSchema>;
