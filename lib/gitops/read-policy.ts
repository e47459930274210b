import type { Ctx } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { printPolicy } from "./policy-text";

/** The policy in force as YAML, with the version and digest that an edit of it starts from; `etag` is the digest. */
export async function readPolicyText(
  ctx: Ctx,
  { slug, at }: { slug: string; at?: Date | undefined },
): Promise<{ text: string; etag: string }> {
  const { document, version, digest, effectiveFrom } = await getPolicy(ctx, { slug, at });
  const text = printPolicy(document, [
    `Policy of ${slug}, in force since ${effectiveFrom}. Keep these lines: an edit starts from them.`,
    `version: ${version}`,
    `digest: ${digest}`,
  ]);
  return { text, etag: `"${digest}"` };
}

/**
 * What an `If-Match` names: a digest (`"sha256:…"`) or a version (`"12"`). Throws `invalid` when it is missing or is
 * anything else: whoever proposes says what they started from.
 */
export function parseIfMatch(header: string | undefined): string {
  const tag = /^"?(sha256:[0-9a-f]{64}|[1-9]\d{0,8})"?$/.exec((header ?? "").trim())?.[1];
  if (tag !== undefined) return tag;
  throw new SluiceError("invalid", "Say which version you started from, in the header If-Match.", {
    fields: [{ path: "If-Match", message: 'must be the digest ("sha256:…") or the number of a version' }],
  });
}
