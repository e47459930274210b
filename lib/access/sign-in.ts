import { uuidv7 } from "uuidv7";
import { recordEntry } from "@/lib/audit/record";
import type { Db } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { WRITABLE } from "@/lib/schema";
import { inTransaction, type PersonActor } from "./context";
import { passwordFits } from "./password";
import { SESSION_HOURS } from "./rules";
import { attemptKeys, countAttempt, forgiveAttempt } from "./throttle";

export interface SignInInput {
  email: string;
  password: string;
  /** Address of the caller, for throttling; kept only as a digest. */
  address: string;
  userAgent: string | null;
}

/** No e-mail address or password that was ever accepted is longer, in characters. */
const LONGEST = 200;

/**
 * Checks a password and opens a sign-in session. Throws `rate_limited` while the account or the address waits
 * after failures, `unauthenticated` when name or password is wrong (never which).
 */
export async function signIn(db: Db, now: Date, requestId: string, input: SignInInput): Promise<PersonActor> {
  const email = input.email.trim().toLowerCase();
  const keys = attemptKeys(email, input.address);
  await countAttempt(db, keys, now);
  const person = await findByEmail(db, email);
  const hash = person && person.deactivatedAt === null ? person.passwordHash : null;
  const ctx = { actor: null, now, requestId, db };
  const fits = await passwordFits(input.password.slice(0, LONGEST), hash);
  if (!fits || input.password.length > LONGEST || person === null) {
    await inTransaction(ctx, (tx) =>
      recordEntry(tx, ctx, {
        action: "person.sign_in_refused",
        subject: { kind: "person", id: person?.id ?? "-" },
        detail: { account: keys.account },
      }),
    );
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
    await forgiveAttempt(tx, keys);
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

/** Who has the address; nobody has one that the database could not keep. */
async function findByEmail(db: Db, email: string) {
  if (email.length > LONGEST || !WRITABLE.test(email)) return null;
  return db.person.findUnique({ where: { email }, include: { roles: true } });
}
