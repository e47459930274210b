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

/** Throws `rule` unless the old credential ends ahead, and no later than it would have. */
export function assertOverlap(oldUntil: Date, expiresAt: Date, now: Date): void {
  if (oldUntil < now)
    throw ruleBroken("credential-overlap", "The end of the old credential lies in the past.");
  if (oldUntil <= expiresAt) return;
  throw ruleBroken("credential-overlap", "Rotation does not lengthen the life of the old credential.");
}

/** Parts of a subject before its first `*` without which a pattern counts as broad. */
const PINNED_PARTS = 3;

/**
 * What a subject pattern leaves open, in words; null for one that pins at least the cluster, namespace or repository:
 * three parts of `system:serviceaccount:team:*`, `repo:org/app:*`, `spiffe://domain/path/*`.
 */
export function breadthOf(subject: string): string | null {
  const star = subject.indexOf("*");
  if (star < 0) return null;
  if (/^\*+$/.test(subject))
    return "Anybody to whom this issuer gives a token for this audience is this workload.";
  if (star === 0) return "The pattern begins with *: who ends so is this workload, whoever named them.";
  const parts = subject
    .slice(0, star)
    .split(/[:/]+/)
    .filter((part) => part !== "");
  return parts.length >= PINNED_PARTS
    ? null
    : "The pattern pins little: everything that begins so is this workload.";
}

/**
 * Is there a subject that fits both patterns? Exact: walks both at once, a `*` taking any run of the other's characters.
 * |left| × |right| steps.
 */
export function subjectsOverlap(left: string, right: string): boolean {
  const width = right.length + 1;
  const reached = new Uint8Array((left.length + 1) * width);
  reached[0] = 1;
  for (let l = 0; l <= left.length; l++) {
    for (let r = 0; r <= right.length; r++) {
      if (reached[l * width + r] !== 1) continue;
      const [a, b] = [left[l], right[r]];
      if (a === "*") {
        reached[(l + 1) * width + r] = 1;
        if (b !== undefined) reached[l * width + r + 1] = 1;
      }
      if (b === "*") {
        reached[l * width + r + 1] = 1;
        if (a !== undefined) reached[(l + 1) * width + r] = 1;
      }
      if (a !== undefined && a === b) reached[(l + 1) * width + r + 1] = 1;
    }
  }
  return reached[reached.length - 1] === 1;
}
