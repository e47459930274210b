import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { requireMay } from "./may";
import { checkProposal, measureEvidence } from "./proposal";
import { getChange } from "./queries";
import { lockChange, moveTo, refOf } from "./row";
import type { ChangeView } from "./views";

/**
 * Puts a draft before those whose seats it needs, with what it would have done to the traffic of the last 30 days.
 * Approvals are bound to that evidence by its digest.
 */
export async function submitChange(ctx: Ctx, { id }: { id: string }): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id);
    const { row, base, proposal } = before;
    requireMay(ctx, "submit", before);
    await checkProposal(tx, row.useCase, row.baseVersion, proposal);
    const measured = await measureEvidence(tx, { useCaseId: row.useCaseId, base, proposal }, ctx.now);
    await moveTo(tx, row, "submit", {
      submittedAt: ctx.now,
      ...measured,
    });
    await recordEntry(tx, ctx, {
      action: "change.submitted",
      subject: { kind: "change", id: row.id, ref: refOf(row) },
      useCase: row.useCase.slug,
      detail: { proposalDigest: row.proposalDigest, evidenceDigest: measured.evidenceDigest },
    });
  });
  return getChange(ctx, { id });
}
