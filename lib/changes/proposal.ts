import type { Prisma, Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { canonicalJson } from "@/lib/policy/canonical";
import { documentDigest, sha256Hex } from "@/lib/policy/digest";
import type { PolicyDocument } from "@/lib/policy/document";
import { compare } from "@/lib/policy/lattice";
import { measureImpact } from "@/lib/telemetry/impact";
import { compileOnce } from "@/lib/use-cases/compiled";
import { getVersion } from "@/lib/use-cases/policy-in-force";
import { assertStageMove, type Direction } from "./rules";

const IMPACT_DAYS = 30;
const DAY_MS = 86_400_000;

/** A proposal that may stand in a change request. */
export interface CheckedProposal {
  base: PolicyDocument;
  direction: Direction;
  /** What an approval of the proposal is bound to: base version and document. */
  proposalDigest: string;
}

/** `sha256:<hex>` of the canonical JSON of base version and proposed document. */
export function proposalDigest(baseVersion: number, document: PolicyDocument): string {
  return `sha256:${sha256Hex(canonicalJson({ baseVersion, document }))}`;
}

/**
 * Checks a proposal against the version that it starts from. Throws `invalid` with the path of what does not
 * compile, `conflict` when the base is not the version in force, `rule` when nothing changes or the stage may not
 * move like this.
 */
export async function checkProposal(
  tx: Tx,
  useCaseId: string,
  baseVersion: number,
  proposal: PolicyDocument,
): Promise<CheckedProposal> {
  const current = await getVersion(tx, useCaseId);
  if (current.number !== baseVersion) {
    throw new SluiceError(
      "conflict",
      `Version ${current.number} is in force, not version ${baseVersion}. Compare and start from there.`,
    );
  }
  assertCompiles(proposal);
  if (documentDigest(proposal) === documentDigest(current.document)) {
    throw ruleBroken("no-change", `The proposal is the same as version ${baseVersion}.`);
  }
  assertStageMove(current.document, proposal);
  return {
    base: current.document,
    direction: compare(current.document, proposal).direction,
    proposalDigest: proposalDigest(baseVersion, proposal),
  };
}

function assertCompiles(proposal: PolicyDocument): void {
  try {
    compileOnce(proposal);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const fields = error.fields.map(({ path, message }) => ({ path: `proposal.${path}`, message }));
    throw new SluiceError(error.code, error.message, { fields, cause: error });
  }
}

/** What approvers are shown: the impact on the last 30 days of recorded traffic, and its digest. */
export async function measureEvidence(
  tx: Tx,
  change: { useCaseId: string; base: PolicyDocument; proposal: PolicyDocument },
  now: Date,
): Promise<{ evidence: Prisma.InputJsonObject; evidenceDigest: string }> {
  const impact = await measureImpact(tx, {
    useCaseId: change.useCaseId,
    before: change.base,
    after: change.proposal,
    from: new Date(now.getTime() - IMPACT_DAYS * DAY_MS),
    to: now,
  });
  const text = canonicalJson(impact);
  return { evidence: JSON.parse(text), evidenceDigest: `sha256:${sha256Hex(text)}` };
}
