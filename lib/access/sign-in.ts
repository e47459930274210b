import { createHash } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { recordEntry } from "@/lib/audit/record";
import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { inTransaction, type PersonActor } from "./context";
import { passwordFits } from "./password";
import { SESSION_HOURS, waitAfterFailures } from "./rules";

export interface SignInInput {
  email: string;
  password: string;
  /** Address of the caller, for throttling; kept only as a digest. */
  address: string;
  userAgent: string | null;
}

/**
 * Checks a password and opens a sign-in session. Throws `rate_limited` while the account or the address waits
 * after failures, `unauthenticated` when name or password is wrong (never which).
 */
export async function signIn(db: Db, now: Date, requestId: string, input: SignInInput): Promise<PersonActor> {
  const email = input.email.trim().toLowerCase();
  const keys = [throttleKey("account", email), throttleKey("address", input.address)];
  await assertNotThrottled(db, keys, now);
  const person = await db.person.findUnique({ where: { email }, include: { roles: true } });
  const hash = person && person.deactivatedAt === null ? person.passwordHash : null;
  const ctx = { actor: null, now, requestId, db };
  if (!(await passwordFits(input.password, hash)) || person === null) {
    await inTransaction(ctx, async (tx) => {
      for (const key of keys) {
        await tx.$executeRaw`INSERT INTO sign_in_attempt (key, failures, last_failure_at) VALUES (${key}, 1, ${now})
          ON CONFLICT (key) DO UPDATE SET last_failure_at = excluded.last_failure_at, failures =
            CASE WHEN sign_in_attempt.last_failure_at < ${forgottenBefore(now)} THEN 1 ELSE sign_in_attempt.failures + 1 END`;
      }
      await recordEntry(tx, ctx, {
        action: "person.sign_in_refused",
        subject: { kind: "person", id: person?.id ?? "-" },
        detail: { account: keys[0] },
      });
    });
    throw new SluiceError("unauthenticated", "E-mail or password is wrong.");
  }
  const sessionId = uuidv7();
  const actor: PersonActor = {
    kind: "person",
    id: person.id,
    name: person.name,
    email: person.email,
    roles: person.roles.map((grant) => grant.role),
    sessionId,
  };
  await inTransaction(ctx, async (tx) => {
    await tx.signInAttempt.deleteMany({ where: { key: keys[0]! } });
    await tx.signInSession.create({
      data: {
        id: sessionId,
        personId: person.id,
        createdAt: now,
        expiresAt: new Date(now.getTime() + SESSION_HOURS * 3_600_000),
        userAgent: input.userAgent?.slice(0, 200) ?? null,
      },
    });
    await recordEntry(
      tx,
      { actor, now },
      { action: "person.signed_in", subject: { kind: "session", id: sessionId } },
    );
  });
  return actor;
}

async function assertNotThrottled(db: Db, keys: string[], now: Date): Promise<void> {
  const attempts = await db.signInAttempt.findMany({ where: { key: { in: keys } } });
  const wait = Math.max(0, ...attempts.map((attempt) => waitAfterFailures(attempt, now)));
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    throw new SluiceError("rate_limited", `Too many failed attempts. Try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }
}

const forgottenBefore = (now: Date) => new Date(now.getTime() - 3_600_000);

function throttleKey(kind: "account" | "address", value: string): string {
  return `${kind}:${createHash("sha256").update(`sluice sign-in\0${value}`).digest("hex").slice(0, 32)}`;
}
