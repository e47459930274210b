import { z } from "zod";

/** The id of a thing: a UUID. */
export const idSchema = z.uuid("must be an id");

/** A name in addresses: lower-case letters, digits and single hyphens. */
export const slugSchema = z
  .string()
  .min(2, "at least 2 characters")
  .max(60, "at most 60 characters")
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "lower-case letters, digits and single hyphens");

/** What people write holds no control characters but line breaks and tabs: the database cannot keep all of them. */
export const WRITABLE = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
export const UNWRITABLE = "must not hold control characters";

/** A text of people: trimmed, between `min` and `max` characters. */
export function text(max: number, min = 1) {
  return z
    .string()
    .trim()
    .min(min, min === 1 ? "must not be empty" : `at least ${min} characters`)
    .max(max, `at most ${max} characters`)
    .regex(WRITABLE, UNWRITABLE);
}

/** What somebody looks for in a list. */
export const searchSchema = z.string().trim().max(100).regex(WRITABLE, UNWRITABLE).optional();

/** The path of the first string in a JSON value that the database could not keep; null when there is none. */
export function findUnwritable(value: unknown, path: string[] = []): string[] | null {
  if (typeof value === "string") return WRITABLE.test(value) ? null : path;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, child] of Object.entries(value)) {
    const found = WRITABLE.test(key) ? findUnwritable(child, [...path, key]) : [...path, key];
    if (found) return found;
  }
  return null;
}

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** An instant: ISO 8601 with a zone, in this or the next century. */
export const instantSchema = z.iso
  .datetime({ offset: true, error: "must be a date and time with a zone" })
  .refine((instant) => {
    const at = Date.parse(instant);
    return at >= EARLIEST && at < LATEST;
  }, "must be between 2000 and 2200");

/** A number that counts versions or revisions: 1 up to the largest `integer` of the database. */
export const countSchema = z.int().min(1).max(2_147_483_647);

/** The name or id of a thing in a path; whether there is one is the query's answer. */
export const keySchema = z.string().max(200).regex(WRITABLE, UNWRITABLE);

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
