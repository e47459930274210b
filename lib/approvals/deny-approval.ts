import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryDetail } from "./entry-detail";
import { requireDecider } from "./may";
import { getApproval } from "./queries";
import { getApprovalRow, writeVerdict } from "./row";
import { refOf } from "./rules";
import type { DecideApprovalInput } from "./schema";
import type { ApprovalView } from "./views";

/**
 * Keeps the held request from passing: until it expires, the same request is answered so again. A security lead or the
 * named risk owner of the use case.
 * Throws `conflict` when somebody else was first or the time is up.
 */
export async function denyApproval(
  ctx: Ctx,
  { id, reason }: DecideApprovalInput & { id: string },
): Promise<ApprovalView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getApprovalRow(tx, id);
    const decider = requireDecider(ctx, before);
    await writeVerdict(tx, before, "deny", { decidedById: decider.id, reason, now: ctx.now });
    await recordEntry(tx, ctx, {
      action: "approval.denied",
      subject: { kind: "approval", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      reason,
      detail: entryDetail(before),
    });
  });
  return getApproval(ctx, { id });
}
