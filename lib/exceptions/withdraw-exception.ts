import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { getExceptionRow, moveTo, refOf } from "./row";
import type { WithdrawExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/** The requester takes it back before it is decided. */
export async function withdrawException(
  ctx: Ctx,
  { id, reason = "" }: WithdrawExceptionInput & { id: string },
): Promise<ExceptionView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    requireMay(ctx, "withdraw", before, await readLimits(tx, ctx.now));
    await moveTo(tx, before, "withdraw", {});
    await recordEntry(tx, ctx, {
      action: "exception.withdrawn",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      ...(reason ? { reason } : {}),
    });
  });
  return getException(ctx, { id });
}
