import { type CompiledPolicy, compile } from "@/lib/policy/compile";
import { documentDigest } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";

const REMEMBERED = 200;
const compiled = new Map<string, CompiledPolicy>();

/** A document compiled, remembered by its digest: the engine's validator takes some 25 ms. Throws as `compile` does. */
export function compileOnce(document: PolicyDocument): CompiledPolicy {
  const digest = documentDigest(document);
  const known = compiled.get(digest);
  if (known) return known;
  if (compiled.size >= REMEMBERED) compiled.clear();
  const policy = compile(document);
  compiled.set(digest, policy);
  return policy;
}
