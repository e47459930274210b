import { hkdfSync } from "node:crypto";
import { SluiceError } from "@/lib/errors";

/**
 * 32 bytes for one purpose, derived from SLUICE_SECRET by HKDF-SHA-256 (RFC 5869) with `info` naming the purpose.
 * Throws `unavailable` when the secret is missing or shorter than 32 characters.
 */
export function deriveKey(info: string): Buffer {
  const secret = process.env["SLUICE_SECRET"] ?? "";
  if (secret.length < 32)
    throw new SluiceError("unavailable", "SLUICE_SECRET must be set, with at least 32 characters.");
  return Buffer.from(hkdfSync("sha256", secret, "", info, 32));
}
