import { z } from "zod";

/** The id of a thing: a UUID. */
export const idSchema = z.uuid("must be an id");

/** A name in addresses: lower-case letters, digits and single hyphens. */
export const slugSchema = z
  .string()
  .min(2, "at least 2 characters")
  .max(60, "at most 60 characters")
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "lower-case letters, digits and single hyphens");

/** A text of people: trimmed, between `min` and `max` characters. */
export function text(max: number, min = 1) {
  return z
    .string()
    .trim()
    .min(min, min === 1 ? "must not be empty" : `at least ${min} characters`)
    .max(max, `at most ${max} characters`);
}

/** An instant: ISO 8601 with a zone. */
export const instantSchema = z.iso.datetime({ offset: true, error: "must be a date and time with a zone" });

/** A digest as people and forms carry it: `sha256:<hex>`. */
export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be a sha256 digest");

/** The rows of a list: keyset-paged, at most 200 at once. */
export const pageSchema = z.strictObject({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A page of a list. `total` counts every row that the filter lets through; `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  total: number;
  nextCursor: string | null;
}
