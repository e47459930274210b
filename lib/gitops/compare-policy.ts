import type { Ctx } from "@/lib/access/context";
import { compareForSeats } from "@/lib/changes/rules";
import { documentDigest } from "@/lib/policy/digest";
import { compare, effectiveDocument } from "@/lib/policy/lattice";
import { compileOnce } from "@/lib/use-cases/compiled";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { parsePolicy } from "./policy-text";
import type { PolicyComparison } from "./views";

/**
 * Which way a document would move the policy in force, field by field. Throws `invalid` with path and line when it
 * is none, or does not compile. Writes nothing.
 */
export async function comparePolicy(
  ctx: Ctx,
  { slug, text }: { slug: string; text: string },
): Promise<PolicyComparison> {
  const { document, version, digest, floor, effective } = await getPolicy(ctx, { slug });
  const { document: proposed, locating } = parsePolicy(text);
  await locating(async () => compileOnce(proposed));
  const { direction, moves } = compareForSeats(document, proposed);
  const proposedDigest = documentDigest(proposed);
  return {
    useCase: slug,
    version,
    digest,
    proposedDigest,
    same: proposedDigest === digest,
    direction,
    moves,
    effective: compare(effective, effectiveDocument(proposed, floor?.document ?? null)),
  };
}
