import { fromBase64, toHex } from "@/lib/evidence/bytes";

export interface Hasher {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** The hashing that verification needs; `crypto-node.ts` and `crypto-web.ts` give it. */
export interface PackHashing {
  sha256(bytes: Uint8Array): Uint8Array;
  hasher(): Hasher;
}

/** An Ed25519 public key: its id (first 16 hex digits of SHA-256 over the SPKI DER) and what it verifies. */
export interface PublicKey {
  id: string;
  verify(bytes: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** Reads an Ed25519 public key in PEM through WebCrypto; null when it is none. */
export async function readPublicKey(pem: string, hashing: PackHashing): Promise<PublicKey | null> {
  const body = /^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END PUBLIC KEY-----\r?\n?$/.exec(
    pem,
  );
  const der = fromBase64((body?.[1] ?? "").replaceAll(/[\r\n]/g, ""));
  if (!der || der.length === 0) return null;
  const key = await crypto.subtle
    .importKey("spki", copy(der), "Ed25519", false, ["verify"])
    .catch(() => null);
  if (!key) return null;
  return {
    id: toHex(hashing.sha256(der)).slice(0, 16),
    verify: (bytes, signature) => crypto.subtle.verify("Ed25519", key, copy(signature), copy(bytes)),
  };
}

/** WebCrypto's types want bytes that are surely not shared memory. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
