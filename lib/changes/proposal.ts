import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { canonicalJson } from "@/lib/policy/canonical";
import { sha256Hex } from "@/lib/policy/digest";
import type { Direction } from "./rules";
import { type Check, type Content, type Subject, subjectPath } from "./subjects/subject";
import type { ChangeEvidence } from "./views";

/** A proposal that may stand in a change request. */
export interface CheckedProposal {
  base: Content;
  proposal: Content;
  direction: Direction;
  /** What an approval of the proposal is bound to: subject, base version and document. */
  proposalDigest: string;
}

/** `sha256:<hex>` of the canonical JSON of base version and proposed document; of floors and settings their name too. */
export function proposalDigest(subject: Subject, baseVersion: number, document: Content): string {
  const named = subject.kind === "policy" ? {} : { subject: subjectPath(subject) };
  return `sha256:${sha256Hex(canonicalJson({ ...named, baseVersion, document }))}`;
}

/**
 * Checks a proposal against the version that it starts from. Throws `invalid` with the path of what does not
 * compile, `conflict` when the base is not the version in force, `rule` when nothing changes or the stage may not
 * move like this.
 */
export async function checkProposal(
  tx: Tx,
  subject: Subject,
  baseVersion: number,
  sent: unknown,
  how: Check = {},
): Promise<CheckedProposal> {
  const proposal = subject.parse(sent);
  const current = await subject.currentNumber(tx);
  if (current !== baseVersion) {
    throw new SluiceError(
      "conflict",
      `Version ${current} is in force, not version ${baseVersion}. Compare and start from there.`,
    );
  }
  const base = await subject.read(tx, baseVersion);
  if (canonicalJson(base) === canonicalJson(proposal)) {
    throw ruleBroken("no-change", `The proposal is the same as version ${baseVersion}.`);
  }
  await subject.assertKnown?.(tx, base, proposal);
  subject.check(base, proposal, how);
  return {
    base,
    proposal,
    direction: subject.compare(base, proposal).direction,
    proposalDigest: proposalDigest(subject, baseVersion, proposal),
  };
}

/**
 * A roll back returns to what was in force before: as long as it proposes exactly what its change had replaced, it may go
 * up to enforcing in one step. Its seats, evidence and readiness are those of any change.
 */
export async function restoring(
  db: Db | Tx,
  subject: Subject,
  { reverts }: { reverts: { baseVersion: number } | null },
  proposal: Content,
): Promise<Check> {
  if (reverts === null) return {};
  const before = await subject.read(db, reverts.baseVersion);
  return { restores: canonicalJson(before) === canonicalJson(proposal) };
}

/** Evidence as it is written, and its digest. */
export interface SealedEvidence {
  evidence: Prisma.InputJsonObject;
  evidenceDigest: string;
}

/**
 * What approvers are shown: the impact on the last 30 days of recorded traffic and the readiness, and their digest. It
 * names its instant, so that measuring or editing anew always makes approvals stale, of a setting too.
 */
export async function measureEvidence(
  tx: Tx,
  subject: Subject,
  { base, proposal }: { base: Content; proposal: Content },
  now: Date,
  requesterId: string | null = null,
): Promise<SealedEvidence> {
  const measured = await subject.measure(tx, base, proposal, now, requesterId);
  return sealEvidence({ measuredAt: now.toISOString(), ...measured });
}

/** Evidence as it is written: canonical, with the digest to which approvals are bound. */
export function sealEvidence(content: Omit<ChangeEvidence, "schema">): SealedEvidence {
  const evidence: ChangeEvidence = { schema: "sluice.change-evidence/v1", ...content };
  const text = canonicalJson(evidence);
  return { evidence: JSON.parse(text), evidenceDigest: `sha256:${sha256Hex(text)}` };
}

/** Evidence as it is stored. What was measured before readiness was is an impact alone. */
export function readEvidence(stored: unknown): ChangeEvidence | null {
  if (stored === null) return null;
  const { schema } = stored as { schema: string };
  if (schema === "sluice.change-evidence/v1") return stored as ChangeEvidence;
  const impact = stored as ChangeEvidence["impact"];
  return { schema: "sluice.change-evidence/v1", impact, floorImpact: null, readiness: null };
}
