import { SluiceError } from "@/lib/errors";

/** The largest `integer` of PostgreSQL. */
const MAX_INT = 2_147_483_647;

/** A cursor of a keyset-paged list: the sort key of the last row that was shown, opaque to the caller. */
export function encodeCursor(key: string | number): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** The sort key in a cursor; undefined without one, `invalid` when it is not one of ours. */
export function decodeCursor(cursor: string | undefined, kind: "string"): string | undefined;
export function decodeCursor(cursor: string | undefined, kind: "number"): number | undefined;
export function decodeCursor(cursor: string | undefined, kind: "string" | "number") {
  if (cursor === undefined) return undefined;
  const key = parse(cursor);
  const fits =
    kind === "number"
      ? Number.isSafeInteger(key) && Math.abs(Number(key)) <= MAX_INT
      : typeof key === "string" && !key.includes("\u0000") && key.isWellFormed();
  if (fits) return key;
  throw new SluiceError("invalid", "The cursor is not one of this list.", {
    fields: [{ path: "cursor", message: "is not one of this list" }],
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** Cuts `limit + 1` rows that were read to a page, and says where the next one begins. */
export function cutPage<T>(rows: T[], limit: number, keyOf: (row: T) => string | number) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null;
  return { items, nextCursor };
}

const REFERRED = {
  CHG: "change",
  EXC: "exception",
  CMP: "campaign",
  APR: "held request",
  INC: "incident",
  APL: "appeal",
  CASE: "case",
} as const;

/** The way a person writes a reference (`EXC-31`) or an id, as a `where`; `not_found` for anything else. */
export function whereIdOrRef(
  idOrRef: string,
  prefix: keyof typeof REFERRED,
): { id: string } | { ref: number } {
  const ref = new RegExp(`^${prefix}-([1-9][0-9]{0,8})$`).exec(idOrRef)?.[1];
  if (ref !== undefined) return { ref: Number(ref) };
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrRef)) return { id: idOrRef };
  throw new SluiceError("not_found", `There is no ${REFERRED[prefix]} "${idOrRef.slice(0, 60)}".`);
}
