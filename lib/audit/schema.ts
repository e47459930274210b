import { z } from "zod";
import { instantSchema, pageSchema, slugSchema } from "@/lib/schema";

/** Filters of the audit log: all that are given must fit. */
export const entryFilterSchema = z.strictObject({
  action: z.string().max(60).optional(),
  /** Id of a person, or name of a job. */
  actor: z.string().max(100).optional(),
  subject: z.string().max(100).optional(),
  useCase: slugSchema.optional(),
  /** Half open: from ≤ time < to. */
  from: instantSchema.optional(),
  to: instantSchema.optional(),
});
export const listEntriesSchema = pageSchema.extend(entryFilterSchema.shape);
export type EntryFilter = z.infer<typeof entryFilterSchema>;
export type ListEntriesInput = z.infer<typeof listEntriesSchema>;

export const listCheckpointsSchema = pageSchema;
export type ListCheckpointsInput = z.infer<typeof listCheckpointsSchema>;
