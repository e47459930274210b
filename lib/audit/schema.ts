import { z } from "zod";
import { instantSchema, pageSchema, slugSchema, UNWRITABLE, WRITABLE } from "@/lib/schema";

const word = (max: number) => z.string().max(max).regex(WRITABLE, UNWRITABLE);

/** Filters of the audit log: all that are given must fit. */
export const entryFilterSchema = z.strictObject({
  action: word(60).optional(),
  /** Id of a person, or name of a job. */
  actor: word(100).optional(),
  subject: word(100).optional(),
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
