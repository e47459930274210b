import { hash } from "node:crypto";
import { createMerkle } from "@/lib/audit/merkle";

/** SHA-256 by Node's OpenSSL. */
export const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");

/** The tree of the audit log and of decision batches (see `createMerkle`), over Node's SHA-256. */
export const {
  leafHash,
  nodeHash,
  rootOf,
  Frontier,
  inclusionProof,
  verifyInclusion,
  consistencyProof,
  verifyConsistency,
} = createMerkle(sha256);

export type Frontier = InstanceType<typeof Frontier>;
