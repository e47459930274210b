import { z } from "zod";
import { DATA_CLASSES, ENVIRONMENTS, TIERS } from "@/lib/policy/vocabulary";
import { countSchema, idSchema, pageSchema, searchSchema, slugSchema, text } from "@/lib/schema";

export const TEMPLATE_IDS = [
  "default",
  "public-facing",
  "internal-facing",
  "prompt-defence",
  "content-safety",
] as const;

const ownersSchema = z
  .array(idSchema)
  .min(1, "name at least one application owner")
  .max(20)
  .refine((ids) => new Set(ids).size === ids.length, "each person once");

const entry = {
  name: text(120),
  description: text(2000),
  audience: text(200),
  purpose: text(120).regex(/[a-zA-Z0-9]/, "needs a letter or a digit"),
  tier: z.enum(TIERS),
  dataClass: z.enum(DATA_CLASSES),
  environment: z.enum(ENVIRONMENTS),
  riskOwnerId: idSchema,
  applicationOwnerIds: ownersSchema,
};

export const createUseCaseSchema = z.strictObject({
  slug: slugSchema,
  ...entry,
  templateId: z.enum(TEMPLATE_IDS),
});

/** An edit of the register entry; `revision` is the one that the editor saw. */
export const updateUseCaseSchema = z.strictObject({
  revision: countSchema,
  ...z.object(entry).partial().shape,
});

export const listUseCasesSchema = pageSchema.extend({
  q: searchSchema,
  tier: z.enum(TIERS).optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  /** `true`: only those where the viewer is risk owner or application owner. */
  mine: z.enum(["true", "false"]).optional(),
});

export type CreateUseCaseInput = z.infer<typeof createUseCaseSchema>;
export type UpdateUseCaseInput = z.infer<typeof updateUseCaseSchema>;
export type ListUseCasesInput = z.infer<typeof listUseCasesSchema>;
