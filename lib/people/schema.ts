import { z } from "zod";
import { idSchema, pageSchema, searchSchema, text, UNWRITABLE, WRITABLE } from "@/lib/schema";

/** The roles of the permissions table, in its order. */
export const roleSchema = z.enum(["admin", "security_lead", "risk_owner", "application_owner", "auditor"]);

/** At least 12 characters (NIST SP 800-63B asks for 8, OWASP ASVS for 12); the rest is the person's own choice. */
export const passwordSchema = z
  .string()
  .min(12, "at least 12 characters")
  .max(200, "at most 200 characters")
  .regex(WRITABLE, UNWRITABLE);

const emailSchema = z.string().trim().toLowerCase().max(200).pipe(z.email("must be an e-mail address"));

const rolesSchema = z
  .array(roleSchema)
  .max(5)
  .refine((roles) => new Set(roles).size === roles.length, "each role once");

export const createPersonSchema = z.strictObject({
  email: emailSchema,
  name: text(120),
  roles: rolesSchema,
  password: passwordSchema,
});

export const changeRolesSchema = z.strictObject({ roles: rolesSchema });
export const deactivatePersonSchema = z.strictObject({ reason: text(500) });

/** The first admin of an empty installation; the token comes from the one-time link in the log. */
export const createFirstAdminSchema = z.strictObject({
  token: z
    .string()
    .min(20)
    .max(200)
    .regex(/^[A-Za-z0-9_-]+$/, "must be the token of the link"),
  email: emailSchema,
  name: text(120),
  password: passwordSchema,
});

export const listPeopleSchema = pageSchema.extend({
  q: searchSchema,
  role: roleSchema.optional(),
  /** `true`: only people who may sign in. */
  active: z.enum(["true", "false"]).optional(),
});

export const listSessionsSchema = z.strictObject({ person: idSchema.optional() });

export type CreatePersonInput = z.infer<typeof createPersonSchema>;
export type ChangeRolesInput = z.infer<typeof changeRolesSchema>;
export type DeactivatePersonInput = z.infer<typeof deactivatePersonSchema>;
export type CreateFirstAdminInput = z.infer<typeof createFirstAdminSchema>;
export type ListPeopleInput = z.infer<typeof listPeopleSchema>;
