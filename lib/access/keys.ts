import { hkdfSync } from "node:crypto";
import { SluiceError } from "@/lib/errors";

/**
 * 32 bytes for one purpose, derived from SLUICE_SECRET by HKDF-SHA-256 (RFC 5869) with `info` naming the purpose.
 * Throws `unavailable` when the secret is missing or shorter than 32 characters.
 */
export function deriveKey(info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", installationSecret(), "", info, 32));
}

/** SLUICE_SECRET; throws `unavailable` when it is missing or shorter than 32 characters. */
export function installationSecret(): string {
  const secret = process.env["SLUICE_SECRET"] ?? "";
  if (secret.length >= 32) return secret;
  throw new SluiceError("unavailable", "SLUICE_SECRET must be set, with at least 32 characters.");
}
