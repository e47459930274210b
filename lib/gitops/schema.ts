import { z } from "zod";
import { keySchema, text } from "@/lib/schema";

export const proposePolicySchema = z.strictObject({
  /** Why; it stands on the change request. */
  justification: text(1000, 10),
  /** `true`: put it before the approvers at once, not only as a draft. */
  submit: z.enum(["true", "false"]).default("false"),
  /** An open change of one's own that this document replaces the proposal of (`CHG-12`). */
  change: keySchema.optional(),
});

export type ProposePolicyInput = z.infer<typeof proposePolicySchema>;
