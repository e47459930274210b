import { createHash } from "node:crypto";
import { sha256 } from "@/lib/audit/tree";
import type { PackHashing } from "@/lib/evidence/crypto";

/** SHA-256 by Node's OpenSSL. */
export const nodeHashing: PackHashing = { sha256, hasher: () => createHash("sha256") };
