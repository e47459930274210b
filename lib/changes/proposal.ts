import type { Prisma, Tx } from "@/lib/db/prisma";
import { compileCustomDetectors } from "@/lib/detect/registry";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { canonicalJson } from "@/lib/policy/canonical";
import { customIdsOf } from "@/lib/policy/cedar/schema";
import { checkCondition } from "@/lib/policy/condition";
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
  { id, slug: useCase }: { id: string; slug: string },
  baseVersion: number,
  proposal: PolicyDocument,
): Promise<CheckedProposal> {
  const current = await getVersion(tx, id);
  if (current.number !== baseVersion) {
    throw new SluiceError(
      "conflict",
      `Version ${current.number} is in force, not version ${baseVersion}. Compare and start from there.`,
    );
  }
  assertCompiles(proposal);
  assertConditionsHoldUp(current.document, proposal, useCase);
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
    compileCustomDetectors(switchedOn(proposal.controls));
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const fields = error.fields.map(({ path, message }) => ({ path: `proposal.${path}`, message }));
    throw new SluiceError(error.code, error.message, { fields, cause: error });
  }
}

/** A control that is off is checked like the others: it may be switched on by a change that touches only its mode. */
function switchedOn(controls: PolicyDocument["controls"]): PolicyDocument["controls"] {
  return Object.fromEntries(
    Object.entries(controls).map(([id, binding]) => [id, { ...binding, mode: "log" }]),
  );
}

/** Throws `invalid` for a new or changed condition that cannot be worked out for every request. */
function assertConditionsHoldUp(base: PolicyDocument, proposal: PolicyDocument, useCase: string): void {
  const customIds = customIdsOf(proposal);
  const fields = customIds.flatMap((id) => {
    const when = proposal.controls[id]?.when;
    if (when === undefined || when === base.controls[id]?.when) return [];
    const { problems } = checkCondition(when, { useCase, customIds });
    return problems.map(({ message }) => ({ path: `proposal.controls.${id}.when`, message }));
  });
  if (fields.length > 0)
    throw new SluiceError("invalid", "A condition of this policy is not valid.", { fields });
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
