import canonicalize from "canonicalize";

/** JSON in the canonical form of RFC 8785; without Node, for browsers too. Throws a TypeError on what JSON cannot say. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("There is no canonical JSON of undefined.");
  return text;
}
