import { ruleBroken } from "@/lib/errors";

const DAY_MS = 86_400_000;

/** A credential lives at most this long, in days: a year, after which somebody must ask again. */
export const LONGEST_CREDENTIAL_DAYS = 365;

export type CredentialState = "valid" | "expired" | "revoked";

/** Where a credential stands at an instant; expiry itself is already expired. */
export function credentialState(
  credential: { expiresAt: Date; revokedAt: Date | null },
  now: Date,
): CredentialState {
  if (credential.revokedAt !== null && credential.revokedAt <= now) return "revoked";
  return credential.expiresAt <= now ? "expired" : "valid";
}

/** Throws `rule` unless the expiry is ahead and within the longest life. */
export function assertCredentialLife(expiresAt: Date, now: Date): void {
  const days = (expiresAt.getTime() - now.getTime()) / DAY_MS;
  if (days <= 0) throw ruleBroken("credential-expiry", "The expiry must be ahead.");
  if (days > LONGEST_CREDENTIAL_DAYS) {
    throw ruleBroken("credential-life", `A credential lives at most ${LONGEST_CREDENTIAL_DAYS} days.`);
  }
}
