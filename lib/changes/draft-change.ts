import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import { checkProposal } from "./proposal";
import { getChange } from "./queries";
import { refOf } from "./row";
import type { DraftChangeInput } from "./schema";
import type { ChangeView } from "./views";

/**
 * Drafts a change of a policy. Throws `invalid` when the proposal does not compile, `conflict` when it does not
 * start from the version in force, `rule` when it changes nothing or moves the stage too far at once.
 */
export async function draftChange(
  ctx: Ctx,
  { useCase: slug, baseVersion, proposal, justification }: DraftChangeInput,
): Promise<ChangeView> {
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const useCase = await getStanding(tx, slug);
    const requester = requireFor(ctx, "change:create", useCase);
    const { direction, proposalDigest } = await checkProposal(tx, useCase, baseVersion, proposal);
    const row = await tx.changeRequest.create({
      data: {
        id,
        subject: "policy",
        useCaseId: useCase.id,
        baseVersion,
        proposal,
        proposalDigest,
        direction,
        justification,
        status: "draft",
        requestedById: requester.id,
        createdAt: ctx.now,
      },
    });
    await recordEntry(tx, ctx, {
      action: "change.drafted",
      subject: { kind: "change", id: row.id, ref: refOf(row) },
      useCase: slug,
      reason: justification,
      detail: { baseVersion, proposalDigest, direction },
    });
  });
  return getChange(ctx, { id });
}
