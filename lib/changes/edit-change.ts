import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { requireMay } from "./may";
import { checkProposal, measureEvidence } from "./proposal";
import { getChange } from "./queries";
import { lockChange, moveTo, refOf } from "./row";
import type { EditChangeInput } from "./schema";
import type { ChangeView } from "./views";

/**
 * The requester edits a draft, or a change that was submitted: then its evidence is measured anew, approvals of what
 * stood before stop counting by their digests, and one that was approved is in review again. A new base version
 * rebases.
 */
export async function editChange(
  ctx: Ctx,
  { id, baseVersion, proposal, justification }: EditChangeInput & { id: string },
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id);
    const { row } = before;
    requireMay(ctx, "edit", before);
    const { base, direction, proposalDigest } = await checkProposal(tx, row.useCase, baseVersion, proposal);
    const evidence =
      row.status !== "draft"
        ? await measureEvidence(tx, { useCaseId: row.useCaseId, base, proposal }, ctx.now)
        : null;
    await moveTo(tx, row, "edit", {
      baseVersion,
      proposal,
      proposalDigest,
      direction,
      justification,
      ...evidence,
    });
    await recordEntry(tx, ctx, {
      action: "change.edited",
      subject: { kind: "change", id: row.id, ref: refOf(row) },
      useCase: row.useCase.slug,
      reason: justification,
      detail: {
        baseVersion,
        proposalDigest,
        direction,
        before: row.proposalDigest,
        ...(evidence && { evidenceDigest: evidence.evidenceDigest }),
      },
    });
  });
  return getChange(ctx, { id });
}
