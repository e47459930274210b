import { createHash, randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { hashPassword } from "@/lib/access/password";
import { recordEntry } from "@/lib/audit/record";
import { LOCKS } from "@/lib/db/locks";
import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { insertPerson } from "./create-person";
import type { CreateFirstAdminInput } from "./schema";
import type { PersonRef } from "./views";

const LINK_HOURS = 24;

/** Is there nobody yet who could sign in? */
export async function needsSetup(db: Db): Promise<boolean> {
  return (await db.person.count()) === 0;
}

/** A token for the one-time setup link, good for 24 hours; null once there is a person. Only its hash is kept. */
export async function createSetupToken(db: Db, now: Date): Promise<string | null> {
  if (!(await needsSetup(db))) return null;
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(now.getTime() + LINK_HOURS * 3_600_000);
  await db.setupLink.create({ data: { tokenHash: hashOf(token), expiresAt } });
  return token;
}

/**
 * Makes the first admin through the one-time link. `not_found` when the link is unknown, used or expired;
 * `conflict` once anybody exists, however many links are out.
 */
export async function createFirstAdmin(ctx: Ctx, input: CreateFirstAdminInput): Promise<PersonRef> {
  // Before the costly hash: anybody may call this, and only who holds the link may make us work.
  if ((await ctx.db.setupLink.count({ where: usableLink(ctx, input.token) })) === 0) throw unknownLink();
  const passwordHash = await hashPassword(input.password);
  return inTransaction(ctx, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS.setup})`;
    const used = await tx.setupLink.updateMany({
      where: usableLink(ctx, input.token),
      data: { usedAt: ctx.now },
    });
    if (used.count === 0) throw unknownLink();
    if ((await tx.person.count()) > 0) throw new SluiceError("conflict", "The first admin exists already.");
    const { email, name } = input;
    const id = uuidv7();
    await insertPerson(tx, ctx.now, {
      id,
      email,
      name,
      passwordHash,
      roles: ["admin"],
      createdById: null,
    });
    await recordEntry(tx, ctx, {
      action: "person.created",
      subject: { kind: "person", id },
      reason: "First admin, through the one-time setup link.",
      detail: { name, roles: ["admin"] },
    });
    return { id, name };
  });
}

function usableLink(ctx: Ctx, token: string) {
  return { tokenHash: hashOf(token), usedAt: null, expiresAt: { gt: ctx.now } };
}

function unknownLink(): SluiceError {
  return new SluiceError("not_found", "This setup link is unknown, used or expired. Restart for a new one.");
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash("sha256").update(`sluice setup\0${token}`).digest());
}
