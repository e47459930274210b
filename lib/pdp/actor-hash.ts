import { createHmac, hkdfSync } from "node:crypto";
import { SluiceError } from "@/lib/errors";

const MIN_SECRET_LENGTH = 32;
const MAX_KNOWN = 10_000;

/**
 * Hashes the person behind a request: HMAC-SHA-256 with a key derived from the installation's secret by HKDF-SHA256
 * (RFC 5869), hex. The same person has the same hash; without the secret nobody can try names against it.
 */
export function createActorHash(secret: string): (actorId: string) => string {
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new SluiceError("invalid", `SLUICE_SECRET must have at least ${MIN_SECRET_LENGTH} characters.`);
  }
  const key = Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), "sluice actor hash v1", 32));
  const known = new Map<string, string>();
  return (actorId) => {
    let hash = known.get(actorId);
    if (hash === undefined) {
      hash = createHmac("sha256", key).update(actorId).digest("hex");
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(actorId, hash);
    }
    return hash;
  };
}
