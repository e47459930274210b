import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, type PersonActor, requirePermission } from "@/lib/access/context";
import type { AuditEvent } from "@/lib/audit/events";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import { entryOf } from "./entry";
import { checkProposal, restoring } from "./proposal";
import { getChange } from "./queries";
import type { DraftChangeInput } from "./schema";
import { floorSubject } from "./subjects/floor";
import { policySubject } from "./subjects/policy";
import { settingSubject } from "./subjects/setting";
import type { Subject } from "./subjects/subject";
import type { ChangeView } from "./views";

/**
 * Drafts a change of a policy, a floor or a setting. Throws `invalid` when the proposal does not compile, `conflict`
 * when it does not start from the version in force, `rule` when it changes nothing or moves the stage too far at once.
 */
export async function draftChange(ctx: Ctx, input: DraftChangeInput): Promise<ChangeView> {
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const { subject, requester } = await chooseSubject(tx, ctx, input);
    const entry = await draft(tx, ctx, { id, subject, requesterId: requester.id, ...input });
    await recordEntry(tx, ctx, entry);
  });
  return getChange(ctx, { id });
}

async function chooseSubject(
  tx: Tx,
  ctx: Ctx,
  { useCase: slug, floor, setting }: DraftChangeInput,
): Promise<{ subject: Subject; requester: PersonActor }> {
  if (slug !== undefined) {
    const useCase = await getStanding(tx, slug);
    return { subject: policySubject(useCase), requester: requireFor(ctx, "change:create", useCase) };
  }
  const requester = requirePermission(ctx, "governance:propose");
  if (floor !== undefined) return { subject: floorSubject(floor), requester };
  return { subject: settingSubject(setting ?? "seats"), requester };
}

interface Draft {
  id: string;
  subject: Subject;
  requesterId: string;
  baseVersion: number;
  proposal: unknown;
  justification: string;
  /** The applied change that it rolls back. */
  reverts?: { id: string; baseVersion: number };
}

/** Writes a draft. Returns its audit entry, which the caller records last. */
export async function draft(
  tx: Tx,
  ctx: Pick<Ctx, "now">,
  { id, subject, requesterId, ...asked }: Draft,
): Promise<AuditEvent> {
  const { baseVersion, justification, reverts = null } = asked;
  const how = await restoring(tx, subject, { reverts }, subject.parse(asked.proposal));
  const checked = await checkProposal(tx, subject, baseVersion, asked.proposal, how);
  const { direction, proposalDigest } = checked;
  const row = await tx.changeRequest.create({
    data: {
      id,
      subject: subject.kind,
      useCaseId: subject.useCase?.id ?? null,
      subjectKey: subject.kind === "policy" ? null : subject.key,
      baseVersion,
      proposal: checked.proposal,
      proposalDigest,
      direction,
      justification,
      status: "draft",
      requestedById: requesterId,
      createdAt: ctx.now,
      revertsId: reverts?.id ?? null,
    },
  });
  const detail = { baseVersion, proposalDigest, direction, ...(reverts ? { reverts: reverts.id } : {}) };
  const about = { ...row, useCase: subject.useCase };
  return entryOf(about, "change.drafted", { reason: justification, detail });
}
