import { z } from "zod";
import { pageSchema, slugSchema, text } from "@/lib/schema";
import { APPROVAL_STATUSES } from "./lifecycle";

/** A verdict says why, in a line or two: the workload that asked is told, and it stays in the record. */
export const decideApprovalSchema = z.strictObject({ reason: text(500) });

export const listApprovalsSchema = pageSchema.extend({
  /** At the moment of the question. */
  status: z.enum(APPROVAL_STATUSES).optional(),
  useCase: slugSchema.optional(),
});

export type DecideApprovalInput = z.infer<typeof decideApprovalSchema>;
export type ListApprovalsInput = z.infer<typeof listApprovalsSchema>;
