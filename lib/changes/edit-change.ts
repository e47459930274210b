import { type Ctx, inTransaction } from "@/lib/access/context";
import type { AuditAction } from "@/lib/audit/events";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { checkProposal, measureEvidence, restoring } from "./proposal";
import { getChange } from "./queries";
import { type LoadedChange, loadChange, lockMeasured, moveTo } from "./row";
import type { EditChangeInput, Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * The requester edits a draft, or a change that was submitted: then its evidence is measured anew, approvals of what
 * stood before stop counting by their digests, and one that was approved or scheduled is in review again. A new base
 * version rebases.
 */
export async function editChange(
  ctx: Ctx,
  { id, baseVersion, proposal, justification, seen }: EditChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const read = await loadChange(tx, id, ctx.now, seen);
    requireMay(ctx, "edit", read);
    await propose(tx, ctx, read, {
      seen,
      baseVersion,
      proposal,
      justification,
      move: "edit",
      action: "change.edited",
    });
  });
  return getChange(ctx, { id });
}

interface Proposal extends Seen {
  baseVersion: number;
  proposal: unknown;
  justification: string;
  move: "edit" | "rebase";
  action: AuditAction;
  detail?: Record<string, unknown>;
}

/** Writes another proposal into an open change that was read, and puts it before its approvers again. */
export async function propose(
  tx: Tx,
  ctx: Ctx,
  read: LoadedChange,
  { baseVersion, proposal: sent, justification, move, action, detail, seen }: Proposal,
): Promise<void> {
  const { subject } = read;
  const how = await restoring(tx, subject, read.row, subject.parse(sent));
  const checked = await checkProposal(tx, subject, baseVersion, sent, how);
  const { direction, proposalDigest } = checked;
  const evidence =
    read.row.status !== "draft"
      ? await measureEvidence(tx, subject, checked, ctx.now, read.row.requestedById)
      : null;
  const before = await lockMeasured(tx, read, ctx.now, seen);
  const { row } = before;
  requireMay(ctx, move, before);
  await moveTo(tx, row, move, {
    baseVersion,
    proposal: checked.proposal,
    proposalDigest,
    direction,
    justification,
    scheduledFor: null,
    scheduledById: null,
    suspendedBecause: null,
    ...evidence,
  });
  const digests = { proposalDigest, direction, before: row.proposalDigest };
  const measured = evidence && { evidenceDigest: evidence.evidenceDigest };
  await recordEntry(
    tx,
    ctx,
    entryOf(row, action, {
      reason: justification,
      detail: { baseVersion, ...digests, ...measured, ...detail },
    }),
  );
}
