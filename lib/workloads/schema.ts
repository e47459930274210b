import { z } from "zod";
import { idSchema, instantSchema, pageSchema, searchSchema, slugSchema, text } from "@/lib/schema";

const servesSchema = z
  .array(slugSchema)
  .min(1, "name at least one use case")
  .max(50)
  .refine((slugs) => new Set(slugs).size === slugs.length, "each use case once");

export const createWorkloadSchema = z.strictObject({
  slug: slugSchema,
  name: text(120),
  description: text(2000, 0).default(""),
  /** Slugs of the use cases that it serves. */
  useCases: servesSchema,
});

export const updateWorkloadSchema = z.strictObject({
  name: text(120).optional(),
  description: text(2000, 0).optional(),
  useCases: servesSchema.optional(),
});

export const issueCredentialSchema = z.strictObject({
  label: text(80),
  /** At most 365 days ahead. */
  expiresAt: instantSchema,
});

export const revokeCredentialSchema = z.strictObject({ reason: text(500) });

export const rotateCredentialSchema = z.strictObject({
  /** Of the new credential; at most 365 days ahead. */
  expiresAt: instantSchema,
  /** Until when the old one is still let in; no later than it would have been. */
  oldUntil: instantSchema,
});

/** Visible characters: audiences and subjects are compared to the letter. */
const claimSchema = z
  .string()
  .min(1, "must not be empty")
  .max(300, "at most 300 characters")
  .regex(/^[\x21-\x7e]+$/, "must be visible ASCII characters without spaces");

export const addFederationSchema = z.strictObject({
  /** Id of the issuer. */
  issuer: idSchema,
  audience: claimSchema,
  /** A glob over `sub`: `*` stands for any run of characters. */
  subject: claimSchema,
});

export const endIdentitySchema = z.strictObject({ reason: text(500) });

const issuerUrlSchema = z
  .string()
  .max(300, "at most 300 characters")
  .regex(/^https?:\/\/[\x21-\x7e]+$/, "must be an https URL")
  .refine((url) => URL.canParse(url) && !/[?#@]/.test(url), "must be a URL without query, fragment or user");

export const addIssuerSchema = z.strictObject({
  name: text(80),
  /** As `iss` in its tokens, to the letter. */
  issuer: issuerUrlSchema,
  /** Where its keys are; null: where its discovery document says. */
  jwksUri: z
    .string()
    .max(500, "at most 500 characters")
    .regex(/^https?:\/\/[\x21-\x7e]+$/, "must be an https URL")
    .refine((url) => URL.canParse(url), "must be a URL")
    .nullable()
    .default(null),
});

export const listIssuersSchema = pageSchema;

export const listWorkloadsSchema = pageSchema.extend({
  q: searchSchema,
  useCase: slugSchema.optional(),
});

export type CreateWorkloadInput = z.input<typeof createWorkloadSchema>;
export type UpdateWorkloadInput = z.infer<typeof updateWorkloadSchema>;
export type IssueCredentialInput = z.infer<typeof issueCredentialSchema>;
export type RevokeCredentialInput = z.infer<typeof revokeCredentialSchema>;
export type RotateCredentialInput = z.infer<typeof rotateCredentialSchema>;
export type AddFederationInput = z.infer<typeof addFederationSchema>;
export type EndIdentityInput = z.infer<typeof endIdentitySchema>;
export type AddIssuerInput = z.input<typeof addIssuerSchema>;
export type ListIssuersInput = z.infer<typeof listIssuersSchema>;
export type ListWorkloadsInput = z.infer<typeof listWorkloadsSchema>;
