import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange, moveTo } from "./row";
import type { Seen, WithdrawChangeInput } from "./schema";
import type { ChangeView } from "./views";

/** The requester takes it back before it is applied. */
export async function withdrawChange(
  ctx: Ctx,
  { id, reason = "", seen }: WithdrawChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const { row } = before;
    requireMay(ctx, "withdraw", before);
    await moveTo(tx, row, "withdraw", { closedAt: ctx.now });
    const detail = { proposalDigest: row.proposalDigest };
    await recordEntry(tx, ctx, entryOf(row, "change.withdrawn", { reason, detail }));
  });
  return getChange(ctx, { id });
}
