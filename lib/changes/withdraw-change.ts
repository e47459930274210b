import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange, moveTo, refOf } from "./row";
import type { WithdrawChangeInput } from "./schema";
import type { ChangeView } from "./views";

/** The requester takes it back before it is applied. */
export async function withdrawChange(
  ctx: Ctx,
  { id, reason = "" }: WithdrawChangeInput & { id: string },
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id);
    const { row } = before;
    requireMay(ctx, "withdraw", before);
    await moveTo(tx, row, "withdraw", { closedAt: ctx.now });
    await recordEntry(tx, ctx, {
      action: "change.withdrawn",
      subject: { kind: "change", id: row.id, ref: refOf(row) },
      useCase: row.useCase.slug,
      ...(reason ? { reason } : {}),
      detail: { proposalDigest: row.proposalDigest },
    });
  });
  return getChange(ctx, { id });
}
