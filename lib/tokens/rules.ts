import { ruleBroken } from "@/lib/errors";

const DAY_MS = 86_400_000;

/** A token lives at most this long, in days: a year, after which its person must want it again. */
export const LONGEST_TOKEN_DAYS = 366;

export type TokenState = "valid" | "expired" | "revoked";

/** Where a token stands at an instant; the instant of its expiry is already expired. Revoked is revoked on any clock. */
export function tokenState(token: { expiresAt: Date; revokedAt: Date | null }, now: Date): TokenState {
  if (token.revokedAt !== null) return "revoked";
  return token.expiresAt <= now ? "expired" : "valid";
}

/** Throws `rule` unless the expiry is ahead and within the longest life. */
export function assertTokenLife(expiresAt: Date, now: Date): void {
  const days = (expiresAt.getTime() - now.getTime()) / DAY_MS;
  if (days <= 0) throw ruleBroken("token-expiry", "The expiry must be ahead.");
  if (days > LONGEST_TOKEN_DAYS) {
    throw ruleBroken("token-life", `A token lives at most ${LONGEST_TOKEN_DAYS} days.`);
  }
}

const USE_NOTED_EVERY_MS = 3_600_000;

/** Is the time of last use to be written: never noted, or more than an hour ago? */
export function isUseToBeNoted(lastUsedAt: Date | null, now: Date): boolean {
  return lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= USE_NOTED_EVERY_MS;
}
