import { z } from "zod";
import { instantSchema, pageSchema, slugSchema } from "@/lib/schema";

export const requestPackSchema = z
  .strictObject({
    /** Half open: from ≤ time < to. */
    from: instantSchema,
    to: instantSchema,
    /** Slugs; none means every use case. */
    useCases: z
      .array(slugSchema)
      .max(200)
      .refine((slugs) => new Set(slugs).size === slugs.length, "each once")
      .default([]),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ["to"],
    message: "must be after the start",
  });
export type RequestPackInput = z.input<typeof requestPackSchema>;

export const listPacksSchema = pageSchema;
export type ListPacksInput = z.infer<typeof listPacksSchema>;
