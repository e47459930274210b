import canonicalize from "canonicalize";

/** Canonical JSON (RFC 8785) without Node, for what also runs in a browser. Throws a TypeError on what has none. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("There is no canonical JSON of undefined.");
  return text;
}
