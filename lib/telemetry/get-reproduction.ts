import { type Ctx, requirePermission } from "@/lib/access/context";
import { installationSigner } from "@/lib/audit/keys";
import type { Db } from "@/lib/db/prisma";
import { ruleBroken, type SluiceError } from "@/lib/errors";
import { bundleOf, bundleText, type RecordedDecision, type SignedBundle } from "@/lib/policy/bundle";
import { compile } from "@/lib/policy/compile";
import { documentDigest } from "@/lib/policy/digest";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import { effectiveDocument } from "@/lib/policy/lattice";
import { getDecision } from "./get-decision";
import { loadTerms } from "./load-terms";
import type { DecisionView } from "./views";

/** A recorded decision with the signed policy under which it was made: enough to make it again elsewhere. */
export interface Reproduction {
  schema: "sluice.reproduction/v1";
  decision: RecordedDecision & { id: string; factDigest: string };
  policy: SignedBundle;
}

/**
 * What is needed to make one decision again. Throws `not_found` without such a decision, and `rule`
 * (`cannot-be-reproduced`) when its facts or the policy that decided are no longer kept.
 */
export async function getReproduction(ctx: Ctx, { id }: { id: string }): Promise<Reproduction> {
  requirePermission(ctx, "telemetry:read");
  const decision = await getDecision(ctx, { id });
  const { facts, useCase } = decision;
  if (facts === null || decision.policy === null) throw notKept();
  const at = new Date(decision.decidedAt);
  const { document, from } = await policyThatDecided(ctx.db, decision, at);
  const bundle = bundleOf(
    {
      useCase: useCase.slug,
      version: decision.policyVersion,
      effectiveFrom: from,
      policy: compile(document),
      exceptions: await loadTerms(ctx.db, useCase.id),
    },
    at,
  );
  const { keyId, sign } = installationSigner();
  const value = sign(Buffer.from(bundleText(bundle))).toString("base64");
  const { kind, outcome, wouldBe, findings, policyVersion, policyDigest, decidedAt, factDigest } = decision;
  return {
    schema: "sluice.reproduction/v1",
    decision: {
      id,
      decidedAt,
      kind,
      facts,
      factDigest,
      policyVersion,
      policyDigest,
      outcome,
      wouldBe,
      findings,
    },
    policy: { bundle, signature: { algorithm: "Ed25519", keyId, value } },
  };
}

/** The version joined with the floor that then was: the use case may have been of another data class, so by digest. */
async function policyThatDecided(
  db: Db,
  { policy, policyDigest }: DecisionView,
  at: Date,
): Promise<{ document: PolicyDocument; from: Date }> {
  if (policy === null) throw notKept();
  const version = policyDocumentSchema.parse(policy.document);
  const begun = new Date(policy.effectiveFrom);
  const floors = await db.floorVersion.findMany({
    where: { effectiveFrom: { lte: at } },
    orderBy: [{ dataClass: "asc" }, { number: "desc" }],
    distinct: ["dataClass"],
  });
  for (const floor of [null, ...floors]) {
    const document = effectiveDocument(version, floor && policyDocumentSchema.parse(floor.document));
    if (documentDigest(document) !== policyDigest) continue;
    return { document, from: floor !== null && floor.effectiveFrom > begun ? floor.effectiveFrom : begun };
  }
  throw notKept();
}

function notKept(): SluiceError {
  return ruleBroken("cannot-be-reproduced", "The facts or the policy of this decision are no longer kept.");
}
