import { z } from "zod";
import { policyDocumentSchema } from "@/lib/policy/document";
import {
  countSchema,
  digestSchema,
  findUnwritable,
  pageSchema,
  searchSchema,
  slugSchema,
  text,
} from "@/lib/schema";
import { CHANGE_STATUSES } from "./lifecycle";

const justificationSchema = text(4000, 10);

const proposalSchema = policyDocumentSchema.superRefine((document, ctx) => {
  const path = findUnwritable(document);
  if (path) ctx.addIssue({ code: "custom", path, message: "must not hold control characters" });
});

export const draftChangeSchema = z.strictObject({
  useCase: slugSchema,
  /** The policy version that the proposal starts from. */
  baseVersion: countSchema,
  proposal: proposalSchema,
  justification: justificationSchema,
});

/** An edit by the requester. A new `baseVersion` rebases. Approvals of what stood before stop counting. */
export const editChangeSchema = z.strictObject({
  baseVersion: countSchema,
  proposal: proposalSchema,
  justification: justificationSchema,
});

/** An approval names the digests that the approver saw. */
export const approveChangeSchema = z.strictObject({
  note: text(2000, 0).default(""),
  proposalDigest: digestSchema,
  evidenceDigest: digestSchema,
});

export const rejectChangeSchema = z.strictObject({ note: text(2000) });
export const withdrawChangeSchema = z.strictObject({ reason: text(2000, 0).default("") });
export const commentChangeSchema = z.strictObject({ text: text(4000) });

export const listChangesSchema = pageSchema.extend({
  /** A status, or `open`: draft, in review or approved. */
  status: z.enum([...CHANGE_STATUSES, "open"]).optional(),
  useCase: slugSchema.optional(),
  /** `true`: only those that the viewer requested. */
  mine: z.enum(["true", "false"]).optional(),
  q: searchSchema,
});

export type DraftChangeInput = z.infer<typeof draftChangeSchema>;
export type EditChangeInput = z.infer<typeof editChangeSchema>;
export type ApproveChangeInput = z.input<typeof approveChangeSchema>;
export type RejectChangeInput = z.infer<typeof rejectChangeSchema>;
export type WithdrawChangeInput = z.input<typeof withdrawChangeSchema>;
export type CommentChangeInput = z.infer<typeof commentChangeSchema>;
export type ListChangesInput = z.infer<typeof listChangesSchema>;
