import type { PersonActor } from "@/lib/access/context";
import { matchesHash, prefixOf } from "@/lib/access/credential-secret";
import { TOKEN_SCOPES, type TokenScope } from "@/lib/access/permissions";
import { attemptKeys, countAttempt } from "@/lib/access/throttle";
import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { isUseToBeNoted, tokenState } from "./rules";

/**
 * The token of an `Authorization: Bearer` header; null when there is none, so that a session may speak. What is
 * there and is no token of ours is the empty string, which nobody has.
 */
export function bearerOf(headers: Headers): string | null {
  const header = headers.get("authorization");
  if (header === null || !/^bearer(?:\s|$)/i.test(header)) return null;
  return header.slice("bearer".length).trim();
}

/**
 * The person for whom a token speaks, with their roles as they are now. Throws `unauthenticated` for one that is
 * unknown, expired, revoked or of somebody deactivated (never which), `rate_limited` for a caller whose tokens
 * failed too often. A good token is let in whatever others have tried from the same address: 256 random bits are
 * not guessed, so that the wait keeps only the log and the database from being filled.
 */
export async function authenticateToken(
  db: Db,
  { token, address, now }: { token: string; address: string; now: Date },
): Promise<PersonActor> {
  const prefix = prefixOf(token, "slp");
  const row = prefix === null ? null : await findToken(db, prefix);
  const fits = matchesHash(token, row?.secretHash ?? NOBODY);
  if (!fits || row === null || tokenState(row, now) !== "valid" || row.person.deactivatedAt !== null) {
    await countAttempt(db, attemptKeys(`token ${prefix ?? ""}`, `token ${address}`), now);
    throw new SluiceError(
      "unauthenticated",
      "This token is not valid (any more). Make another in the console.",
    );
  }
  if (isUseToBeNoted(row.lastUsedAt, now)) {
    await db.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } });
  }
  const { person } = row;
  return {
    kind: "person",
    id: person.id,
    name: person.name,
    email: person.email,
    roles: person.roles.map((grant) => grant.role),
    sessionId: null,
    via: { kind: "token", id: row.id, label: row.label, prefix: row.prefix, scopes: known(row.scopes) },
  };
}

/** What a hash is compared with when there is no such token, so that it takes as long. */
const NOBODY = new Uint8Array(32);

function findToken(db: Db, prefix: string) {
  return db.apiToken.findUnique({ where: { prefix }, include: { person: { include: { roles: true } } } });
}

function known(scopes: readonly string[]): TokenScope[] {
  return TOKEN_SCOPES.filter((scope) => scopes.includes(scope));
}
