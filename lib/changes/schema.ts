import { z } from "zod";
import { policyDocumentSchema } from "@/lib/policy/document";
import { DATA_CLASSES } from "@/lib/policy/vocabulary";
import {
  countSchema,
  digestSchema,
  findUnwritable,
  idSchema,
  instantSchema,
  pageSchema,
  searchSchema,
  slugSchema,
  text,
  UNWRITABLE,
} from "@/lib/schema";
import { SETTING_KEYS, SETTINGS } from "@/lib/settings/schema";
import { CHANGE_STATUSES } from "./lifecycle";

const justificationSchema = text(4000, 10);

const documentSchema = policyDocumentSchema.superRefine((document, ctx) => {
  const path = findUnwritable(document);
  if (path) ctx.addIssue({ code: "custom", path, message: UNWRITABLE });
});

/** A document or value, kept as it was sent: what the change is of reads it again. */
const proposalSchema = z
  .unknown()
  .refine(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be an object",
  )
  .meta({ type: "object" });

/** Adds what is wrong with a proposal, under its own path. */
function checkProposal(schema: z.ZodType, proposal: unknown, ctx: z.RefinementCtx): void {
  for (const issue of schema.safeParse(proposal).error?.issues ?? []) {
    ctx.addIssue({ ...issue, path: ["proposal", ...issue.path] } as Parameters<typeof ctx.addIssue>[0]);
  }
}

const DOCUMENT_FIELDS = ["schema", "stage", "baseline", "controls"];

/** Does it look like the document of a policy or a floor, rather than the value of a setting? */
function isDocument(proposal: unknown): boolean {
  return (
    typeof proposal === "object" &&
    proposal !== null &&
    DOCUMENT_FIELDS.some((field) => Object.hasOwn(proposal, field))
  );
}

/** The number of a version; 0 where a floor or setting was never set. */
const baseSchema = z.int().min(0).max(2_147_483_647);

/** A change is of exactly one thing: the policy of a use case, the floor of a data class, or a setting. */
export const draftChangeSchema = z
  .strictObject({
    useCase: slugSchema.optional(),
    floor: z.enum(DATA_CLASSES).optional(),
    setting: z.enum(SETTING_KEYS).optional(),
    /** The version that the proposal starts from. */
    baseVersion: baseSchema,
    proposal: proposalSchema,
    justification: justificationSchema,
  })
  .superRefine(({ useCase, floor, setting, proposal }, ctx) => {
    if ([useCase, floor, setting].filter((one) => one !== undefined).length !== 1) {
      ctx.addIssue({ code: "custom", path: ["useCase"], message: "name one of useCase, floor and setting" });
    }
    checkProposal(setting ? SETTINGS[setting].schema : documentSchema, proposal, ctx);
  });

/** An edit by the requester. A new `baseVersion` rebases. Approvals of what stood before stop counting. */
export const editChangeSchema = z
  .strictObject({
    baseVersion: baseSchema,
    proposal: proposalSchema,
    justification: justificationSchema,
  })
  .superRefine(({ proposal }, ctx) => {
    if (isDocument(proposal)) checkProposal(documentSchema, proposal, ctx);
  });

/** An approval names the digests that the approver saw. */
export const approveChangeSchema = z.strictObject({
  note: text(2000, 0).default(""),
  proposalDigest: digestSchema,
  evidenceDigest: digestSchema,
});

/** The risk owner's word on unmet conditions, for exactly the evidence that they saw. */
export const acceptConditionsSchema = z.strictObject({
  conditions: z
    .array(text(200))
    .min(1, "choose at least one condition")
    .max(2000)
    .refine((ids) => new Set(ids).size === ids.length, "name each condition once"),
  reason: text(2000, 20),
  evidenceDigest: digestSchema,
});

export const rejectChangeSchema = z.strictObject({ note: text(2000) });
export const withdrawChangeSchema = z.strictObject({ reason: text(2000, 0).default("") });
export const commentChangeSchema = z.strictObject({ text: text(4000) });
export const scheduleChangeSchema = z.strictObject({ at: instantSchema });
export const rollBackChangeSchema = z.strictObject({ reason: text(2000, 10) });
export const breakGlassSchema = z.strictObject({ reason: text(2000, 20) });

export const askReviewersSchema = z.strictObject({
  personIds: z
    .array(idSchema)
    .min(1, "name at least one person")
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, "each person once"),
});

export const reviewChangeSchema = z.strictObject({
  verdict: z.enum(["upheld", "stepped_back"]),
  note: text(2000, 10),
});

export const rebaseChangeSchema = z.strictObject({
  /** The version in force that was seen. */
  ontoVersion: countSchema,
  /** For each field that both sides moved: whose value stands. */
  choices: z.record(z.string().max(200), z.enum(["mine", "theirs"])).default({}),
});

export const listChangesSchema = pageSchema.extend({
  /** A status, or `open`: everything that is not closed. */
  status: z.enum([...CHANGE_STATUSES, "open"]).optional(),
  subject: z.enum(["policy", "floor", "setting"]).optional(),
  useCase: slugSchema.optional(),
  direction: z.enum(["equal", "tightens", "loosens", "mixed"]).optional(),
  /** Came in force without its seats: one kind, or `any`. */
  emergency: z.enum(["break_glass", "step_back", "step_down", "any"]).optional(),
  /** In review for more than so many days. */
  waitingDays: z.coerce.number().int().min(0).max(365).optional(),
  /** Decided (the last seat taken, or rejected) not before this; what needed no seats was not decided. */
  decidedSince: instantSchema.optional(),
  /** Submitted, or closed, not before this. */
  since: instantSchema.optional(),
  /** `true`: only those that the viewer requested. */
  mine: z.enum(["true", "false"]).optional(),
  q: searchSchema,
});

/** The entity tag (`If-Match`) of the change that the caller saw; absent: whatever stands. */
export interface Seen {
  seen?: string | undefined;
}

export type DraftChangeInput = z.infer<typeof draftChangeSchema>;
export type EditChangeInput = z.infer<typeof editChangeSchema>;
export type ApproveChangeInput = z.input<typeof approveChangeSchema>;
export type AcceptConditionsInput = z.infer<typeof acceptConditionsSchema>;
export type RejectChangeInput = z.infer<typeof rejectChangeSchema>;
export type WithdrawChangeInput = z.input<typeof withdrawChangeSchema>;
export type CommentChangeInput = z.infer<typeof commentChangeSchema>;
export type ScheduleChangeInput = z.infer<typeof scheduleChangeSchema>;
export type RollBackChangeInput = z.infer<typeof rollBackChangeSchema>;
export type BreakGlassInput = z.infer<typeof breakGlassSchema>;
export type AskReviewersInput = z.infer<typeof askReviewersSchema>;
export type ReviewChangeInput = z.infer<typeof reviewChangeSchema>;
export type RebaseChangeInput = z.infer<typeof rebaseChangeSchema>;
export type ListChangesInput = z.infer<typeof listChangesSchema>;
