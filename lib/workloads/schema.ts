import { z } from "zod";
import { instantSchema, pageSchema, searchSchema, slugSchema, text } from "@/lib/schema";

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

export const listWorkloadsSchema = pageSchema.extend({
  q: searchSchema,
  useCase: slugSchema.optional(),
});

export type CreateWorkloadInput = z.input<typeof createWorkloadSchema>;
export type UpdateWorkloadInput = z.infer<typeof updateWorkloadSchema>;
export type IssueCredentialInput = z.infer<typeof issueCredentialSchema>;
export type RevokeCredentialInput = z.infer<typeof revokeCredentialSchema>;
export type ListWorkloadsInput = z.infer<typeof listWorkloadsSchema>;
