import { z } from "zod";
import { digestSchema, text } from "@/lib/schema";

/** The risk owner's acceptance of a condition that is not met: by name, with a reason, on the evidence that they saw. */
export const acceptConditionSchema = z.strictObject({
  /** Id of the condition. */
  condition: text(200),
  reason: text(2000, 20),
  evidenceDigest: digestSchema,
});
export type AcceptConditionInput = z.infer<typeof acceptConditionSchema>;
