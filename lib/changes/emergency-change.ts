import { uuidv7 } from "uuidv7";
import type { Ctx } from "@/lib/access/context";
import type { AuditEvent } from "@/lib/audit/events";
import type { Tx } from "@/lib/db/prisma";
import { entryOf } from "./entry";
import { type Ahead, evidenceFrom } from "./measure-ahead";
import { checkProposal } from "./proposal";
import type { Content, Subject } from "./subjects/subject";

interface Emergency {
  subject: Subject;
  /** The version that the proposal was made from: where another is in force by now, nothing is applied. */
  baseVersion: number;
  proposal: Content;
  /** Measured before, so that it keeps nothing waiting. */
  ahead: Ahead;
  kind: "step_back" | "step_down";
  reason: string;
  /** The person who ordered it; null: it came by itself. */
  personId: string | null;
  revertsId?: string;
  detail?: Record<string, unknown>;
}

const ACTION = { step_back: "change.stepped_back", step_down: "change.stepped_down" } as const;

/**
 * Puts a change in force that no seat was asked for, as a record like any other. Throws `conflict` when its base is not
 * in force any more. Returns its audit entry, which the caller records last.
 */
export async function applyEmergency(
  tx: Tx,
  ctx: Pick<Ctx, "now">,
  { subject, baseVersion, proposal, ahead, kind, reason, personId, revertsId, detail }: Emergency,
): Promise<AuditEvent> {
  const id = uuidv7();
  const checked = await checkProposal(tx, subject, baseVersion, proposal, { restores: true });
  const number = baseVersion + 1;
  const row = await tx.changeRequest.create({
    data: {
      id,
      subject: subject.kind,
      useCaseId: subject.useCase?.id ?? null,
      subjectKey: subject.kind === "policy" ? null : subject.key,
      baseVersion,
      proposal: checked.proposal,
      proposalDigest: checked.proposalDigest,
      direction: checked.direction,
      justification: reason,
      status: "applied",
      requestedById: personId,
      createdAt: ctx.now,
      submittedAt: ctx.now,
      appliedAt: ctx.now,
      closedAt: ctx.now,
      appliedVersion: number,
      emergency: kind,
      revertsId: revertsId ?? null,
      ...evidenceFrom(ahead, checked.proposalDigest),
    },
  });
  const digest = await subject.install(tx, { number, content: checked.proposal, changeId: id, at: ctx.now });
  const { proposalDigest } = checked;
  const said = { version: number, [`${subject.kind}Digest`]: digest, proposalDigest, ...detail };
  const about = { ...row, useCase: subject.useCase };
  return entryOf(about, ACTION[kind], { reason, detail: said });
}
