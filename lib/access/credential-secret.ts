import { hash, randomBytes, timingSafeEqual } from "node:crypto";

/** `slc`: a workload's credential. `slp`: a person's access token. */
type Family = "slc" | "slp";

/** A credential as it is shown once, and the two things that are kept of it. */
export interface MintedCredential {
  /** `<family>_<prefix>_<secret>`: shown once, never stored. */
  credential: string;
  /** 8 characters, unique; safe to show and to log. */
  prefix: string;
  /** SHA-256 of the whole credential string, 32 bytes. */
  secretHash: Buffer;
}

const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const PREFIX_LENGTH = 8;
const SHAPE = /^(slc|slp)_([a-z0-9]{8})_[A-Za-z0-9_-]{43}$/;

/**
 * A new credential of 256 random bits, which is why a plain SHA-256 of it is enough to keep: there is nothing
 * to guess (OWASP Password Storage, on secrets that are random keys).
 */
export function mintCredential(family: Family = "slc"): MintedCredential {
  const prefix = Array.from(randomBytes(PREFIX_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  const credential = `${family}_${prefix}_${randomBytes(32).toString("base64url")}`;
  return { credential, prefix, secretHash: hashCredential(credential) };
}

/** SHA-256 of a whole credential string. */
export function hashCredential(credential: string): Buffer {
  return hash("sha256", credential, "buffer");
}

/** The prefix of something that has the shape of a credential of the family, else null. */
export function prefixOf(credential: string, family: Family = "slc"): string | null {
  const [, own, prefix] = SHAPE.exec(credential) ?? [];
  return own === family ? (prefix ?? null) : null;
}

/** Whether a credential is the one whose hash was kept; takes the same time either way. */
export function matchesHash(credential: string, secretHash: Uint8Array): boolean {
  const mine = hashCredential(credential);
  return secretHash.length === mine.length && timingSafeEqual(mine, secretHash);
}
