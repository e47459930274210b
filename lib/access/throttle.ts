import { createHash } from "node:crypto";
import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { FREE_FAILURES, waitAfterFailures } from "./rules";

const FORGOTTEN_AFTER_MS = 3_600_000;

/** What attempts are counted by; of the values only a digest is kept. */
export interface AttemptKeys {
  account: string;
  address: string;
}

/** The keys of an attempt by e-mail address and by the caller's network address. */
export function attemptKeys(email: string, address: string): AttemptKeys {
  return { account: keyOf("account", email), address: keyOf("address", address) };
}

/**
 * Counts an attempt as failed before its password is looked at, so that many at the same instant wait for each
 * other. Throws `rate_limited`, and counts nothing, while the account or the address waits.
 */
export async function countAttempt(db: Db, keys: AttemptKeys, now: Date): Promise<void> {
  await db.$transaction(
    async (tx) => {
      const waits = [
        await countOne(tx, keys.account, FREE_FAILURES.account, now),
        await countOne(tx, keys.address, FREE_FAILURES.address, now),
      ];
      const seconds = Math.ceil(Math.max(...waits) / 1000);
      if (seconds === 0) return;
      throw new SluiceError("rate_limited", `Too many failed attempts. Try again in ${seconds} seconds.`, {
        retryAfterSeconds: seconds,
      });
    },
    { maxWait: 5_000, timeout: 20_000 },
  );
}

/** Takes the attempt back: it was none of a guesser. Earlier failures of the account are forgotten with it. */
export async function forgiveAttempt(tx: Tx, { account, address }: AttemptKeys): Promise<void> {
  await tx.signInAttempt.deleteMany({ where: { key: account } });
  await tx.signInAttempt.updateMany({
    where: { key: address, failures: { gt: 0 } },
    data: { failures: { decrement: 1 } },
  });
}

/** Removes attempts that count no more. Returns how many. */
export async function forgetAttempts(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - FORGOTTEN_AFTER_MS);
  const { count } = await db.signInAttempt.deleteMany({ where: { lastFailureAt: { lt: before } } });
  return count;
}

/** Holds the key's row, says how long it waits (ms), and counts one more. */
async function countOne(tx: Tx, key: string, free: number, now: Date): Promise<number> {
  const [row] = await tx.$queryRaw<{ failures: number; lastFailureAt: Date }[]>`
    INSERT INTO sign_in_attempt (key, failures, last_failure_at) VALUES (${key}, 0, ${now})
    ON CONFLICT (key) DO UPDATE SET key = excluded.key
    RETURNING failures, last_failure_at AS "lastFailureAt"`;
  const before = row ?? { failures: 0, lastFailureAt: now };
  const isForgotten = before.lastFailureAt.getTime() < now.getTime() - FORGOTTEN_AFTER_MS;
  const failures = isForgotten ? 0 : before.failures;
  await tx.signInAttempt.update({ where: { key }, data: { failures: failures + 1, lastFailureAt: now } });
  return waitAfterFailures({ ...before, failures }, free, now);
}

function keyOf(kind: keyof AttemptKeys, value: string): string {
  return `${kind}:${createHash("sha256").update(`sluice sign-in\0${value}`).digest("hex").slice(0, 32)}`;
}
