import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical";
import type { PolicyDocument } from "./document";
import type { Facts } from "./facts";

/** SHA-256, in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** `sha256:` and the hex SHA-256 of the document's canonical JSON. */
export function documentDigest(document: PolicyDocument): `sha256:${string}` {
  return `sha256:${sha256Hex(canonicalJson(document))}`;
}

/** JavaScript puts keys that look like array indexes first, whatever order they were written in. */
function hasIndexKey(record: object): boolean {
  for (const key in record) {
    const code = key.charCodeAt(0);
    if (code >= 48 && code <= 57 && /^\d+$/.test(key)) return true;
  }
  return false;
}

/** Hex SHA-256 of the canonical JSON of facts that `toFacts` made (they need no sorting again). */
export function factsDigest(facts: Facts): string {
  const plain = !hasIndexKey(facts.links) && !hasIndexKey(facts.signals);
  return sha256Hex(plain ? JSON.stringify(facts) : canonicalJson(facts));
}
