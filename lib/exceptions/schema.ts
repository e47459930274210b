import { z } from "zod";
import { DATA_CLASSES, ENVIRONMENTS, TIERS } from "@/lib/policy/vocabulary";
import {
  digestSchema,
  idSchema,
  instantSchema,
  pageSchema,
  searchSchema,
  slugSchema,
  text,
  UNWRITABLE,
  WRITABLE,
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

/** What a request asks for: which controls, where, why, who answers for it, and when. */
const TERMS = {
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
};

interface Instants {
  startsAt: string;
  expiresAt: string;
  reviewAt: string;
}

function inOrder(
  { startsAt, expiresAt, reviewAt }: Instants,
  ctx: { addIssue: (issue: { code: "custom"; path: string[]; message: string }) => void },
): void {
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
}

export const requestExceptionSchema = z.strictObject({ useCase: slugSchema, ...TERMS }).superRefine(inOrder);

/** A renewal asks anew, for the same use case. */
export const renewExceptionSchema = z.strictObject(TERMS).superRefine(inOrder);

/** What would be spared, before anything is asked for. */
export const previewExceptionSchema = z.strictObject({
  useCase: slugSchema,
  controls: TERMS.controls,
  scope: scopeSchema.default({}),
  /** The exception that this one would renew: it and its chain are left out of account. */
  renews: z.string().max(60).regex(WRITABLE, UNWRITABLE).optional(),
});

export const OWNER_KINDS = ["risk_owner", "business_owner"] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

export const reassignExceptionSchema = z.strictObject({
  owner: z.enum(OWNER_KINDS),
  personId: idSchema,
  reason: text(2000),
});

/** The same review, shortening or revocation of several exceptions. */
export const reviewManySchema = z
  .strictObject({
    exceptions: z
      .array(idSchema)
      .min(1, "name at least one exception")
      .max(200)
      .refine((ids) => new Set(ids).size === ids.length, "each once"),
    verdict: z.enum(["keep", "shorten", "revoke"]),
    note: text(2000),
    /** When each that is kept is due again; an earlier expiry comes first. */
    nextReviewAt: instantSchema.optional(),
    /** When each that is shortened ends; earlier than it would. */
    expiresAt: instantSchema.optional(),
  })
  .superRefine(({ verdict, nextReviewAt, expiresAt }, ctx) => {
    if (verdict === "keep" && nextReviewAt === undefined) {
      ctx.addIssue({ code: "custom", path: ["nextReviewAt"], message: "say when they are due again" });
    }
    if (verdict === "shorten" && expiresAt === undefined) {
      ctx.addIssue({ code: "custom", path: ["expiresAt"], message: "say when they end" });
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

export const shortenExceptionSchema = z.strictObject({
  reason: text(2000),
  /** The new expiry: ahead, and earlier than the one it has. */
  expiresAt: instantSchema,
});

export const EXCEPTION_STATES = [
  ...EXCEPTION_STATUSES,
  "scheduled",
  "in_force",
  "review_overdue",
  "expired",
] as const;

/** What the register is sorted by; with `-` before it, downwards. */
export const EXCEPTION_SORTS = [
  "ref",
  "expires",
  "review",
  "age",
  "used",
  "last-used",
  "use-case",
  "owner",
] as const;
const sortSchema = z.enum(EXCEPTION_SORTS.flatMap((name) => [name, `-${name}` as const]));

const flag = z.enum(["true", "false"]).optional();

/** Every filter of the register, without paging. */
export const exceptionFilterSchema = z.strictObject({
  /** A stored status, or what an approved one is at this moment. */
  state: z.enum(EXCEPTION_STATES).optional(),
  useCase: slugSchema.optional(),
  tier: z.enum(TIERS).optional(),
  /** Risk owner or business owner. */
  owner: idSchema.optional(),
  /** Ends within so many days. */
  expiresWithinDays: z.coerce.number().int().min(1).max(365).optional(),
  /** Submitted, and undecided for more than so many days. */
  waitingDays: z.coerce.number().int().min(0).max(365).optional(),
  /** Approved or rejected, not before this. */
  decidedSince: instantSchema.optional(),
  /** In force or suspended since at least so many days; a renewal counts from the first of its chain. */
  minAgeDays: z.coerce.number().int().min(1).max(3650).optional(),
  /** The same for less than so many days. */
  underAgeDays: z.coerce.number().int().min(1).max(3650).optional(),
  /** `true`: only those whose review is past its day, suspended or not yet. */
  overdue: flag,
  /** `true`: in force, and spared nothing for as long as the limits say. */
  unused: flag,
  /** `true`: an owner is deactivated. */
  reassign: flag,
  /** `true`: only those whose scope leaves the whole use case open. */
  broad: flag,
  q: searchSchema,
  sort: sortSchema.optional(),
});

export const listExceptionsSchema = exceptionFilterSchema.extend(pageSchema.shape);

const windowDays = 400 * 86_400_000;

export const calendarSchema = z
  .strictObject({ from: instantSchema, to: instantSchema })
  .refine(({ from, to }) => Date.parse(to) > Date.parse(from), { path: ["to"], message: "must be later" })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= windowDays, {
    path: ["to"],
    message: "at most 400 days",
  });

export const sprawlSchema = z.strictObject({
  days: z.coerce.number().int().min(7).max(366).default(90),
});

export type ExceptionScopeInput = z.infer<typeof scopeSchema>;
export type RequestExceptionInput = z.input<typeof requestExceptionSchema>;
export type RenewExceptionInput = z.input<typeof renewExceptionSchema>;
export type PreviewExceptionInput = z.input<typeof previewExceptionSchema>;
export type ReassignExceptionInput = z.infer<typeof reassignExceptionSchema>;
export type ReviewManyInput = z.infer<typeof reviewManySchema>;
export type ApproveExceptionInput = z.input<typeof approveExceptionSchema>;
export type RejectExceptionInput = z.infer<typeof rejectExceptionSchema>;
export type EndExceptionInput = z.infer<typeof endExceptionSchema>;
export type WithdrawExceptionInput = z.input<typeof withdrawExceptionSchema>;
export type ShortenExceptionInput = z.infer<typeof shortenExceptionSchema>;
export type ReviewExceptionInput = z.infer<typeof reviewExceptionSchema>;
export type ExceptionFilter = z.infer<typeof exceptionFilterSchema>;
export type ExceptionSort = NonNullable<ExceptionFilter["sort"]>;
export type ListExceptionsInput = z.infer<typeof listExceptionsSchema>;
