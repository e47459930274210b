import { sha256 } from "@noble/hashes/sha2";
import type { PackHashing } from "@/lib/evidence/crypto";

/** SHA-256 in JavaScript: WebCrypto can hash neither in steps nor at once. */
export const webHashing: PackHashing = { sha256: (bytes) => sha256(bytes), hasher: () => sha256.create() };
