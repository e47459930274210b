import { type Ctx, inTransaction } from "@/lib/access/context";
import type { AuditEvent } from "@/lib/audit/events";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { checkProposal, measureEvidence } from "./proposal";
import { getChange } from "./queries";
import { loadChange, lockMeasured, moveTo } from "./row";
import type { Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * Puts a draft before those whose seats it needs, with what it would have done to the traffic of the last 30 days and
 * how ready it is. Approvals are bound to that evidence by its digest.
 */
export async function submitChange(ctx: Ctx, { id, seen }: { id: string } & Seen): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    await recordEntry(tx, ctx, await submit(tx, ctx, { id, seen }));
  });
  return getChange(ctx, { id });
}

/** The same within a transaction. Returns the audit entry, which the caller records last. */
export async function submit(tx: Tx, ctx: Ctx, { id, seen }: { id: string } & Seen): Promise<AuditEvent> {
  const read = await loadChange(tx, id, ctx.now, seen);
  const { subject, how } = read;
  requireMay(ctx, "submit", read);
  await checkProposal(tx, subject, read.row.baseVersion, read.row.proposal, how);
  const measured = await measureEvidence(tx, subject, read, ctx.now, read.row.requestedById);
  const before = await lockMeasured(tx, read, ctx.now, seen);
  const { row } = before;
  requireMay(ctx, "submit", before);
  await moveTo(tx, row, "submit", { submittedAt: ctx.now, ...measured });
  const detail = { proposalDigest: row.proposalDigest, evidenceDigest: measured.evidenceDigest };
  return entryOf(row, "change.submitted", { detail });
}
