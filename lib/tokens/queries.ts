import { type Ctx, requirePerson } from "@/lib/access/context";
import { can, type TokenScope } from "@/lib/access/permissions";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import type { Page } from "@/lib/schema";
import { tokenState } from "./rules";
import type { ListTokensInput } from "./schema";
import type { TokenView } from "./views";

/** What a line of the list needs; never the hash. */
export const TOKEN = {
  omit: { secretHash: true },
  include: { person: PERSON_REF, revokedBy: PERSON_REF },
} as const satisfies Prisma.ApiTokenDefaultArgs;

export type TokenRow = Prisma.ApiTokenGetPayload<typeof TOKEN>;

/** Personal access tokens, newest first: one's own, or everybody's with `token:manage`. */
export async function listTokens(ctx: Ctx, input: ListTokensInput): Promise<Page<TokenView>> {
  const viewer = requirePerson(ctx);
  if (input.whose === "all" && !can(viewer, "token:manage")) {
    throw new SluiceError("forbidden", "Only an admin sees the tokens of others.");
  }
  const filter = input.whose === "all" ? {} : { personId: viewer.id };
  const before = decodeCursor(input.cursor, "string");
  const [rows, total] = await Promise.all([
    ctx.db.apiToken.findMany({
      // Ids are UUIDv7: in the order of their making.
      where: { AND: [filter, before === undefined ? {} : { id: { lt: asId(before) } }] },
      orderBy: { id: "desc" },
      take: input.limit + 1,
      ...TOKEN,
    }),
    ctx.db.apiToken.count({ where: filter }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.id);
  return { items: items.map((row) => toTokenView(row, viewer.id, ctx.now)), total, nextCursor };
}

/** A row as the page shows it. */
export function toTokenView(row: TokenRow, viewerId: string, now: Date): TokenView {
  return {
    id: row.id,
    person: row.person,
    label: row.label,
    prefix: row.prefix,
    scopes: row.scopes as TokenScope[],
    state: tokenState(row, now),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy: row.revokedBy,
    own: row.personId === viewerId,
  };
}

function asId(cursor: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) return cursor;
  throw new SluiceError("invalid", "The cursor is not one of this list.", {
    fields: [{ path: "cursor", message: "is not one of this list" }],
  });
}
