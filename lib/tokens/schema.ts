import { z } from "zod";
import { TOKEN_SCOPES } from "@/lib/access/permissions";
import { instantSchema, pageSchema, text } from "@/lib/schema";

export const createTokenSchema = z.strictObject({
  /** What uses it, such as `policy repository`. */
  label: text(80),
  /** At most 366 days ahead. */
  expiresAt: instantSchema,
  scopes: z
    .array(z.enum(TOKEN_SCOPES))
    .min(1, "name at least one scope")
    .refine((scopes) => new Set(scopes).size === scopes.length, "each scope once"),
});

export const revokeTokenSchema = z.strictObject({ reason: text(500, 0).default("") });

export const listTokensSchema = pageSchema.extend({
  /** `all`: of everybody, for an admin; else one's own. */
  whose: z.enum(["mine", "all"]).default("mine"),
});

export type CreateTokenInput = z.infer<typeof createTokenSchema>;
export type RevokeTokenInput = z.input<typeof revokeTokenSchema>;
export type ListTokensInput = z.infer<typeof listTokensSchema>;
