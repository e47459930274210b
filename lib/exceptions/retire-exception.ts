import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { getExceptionRow, moveTo, refOf } from "./row";
import type { EndExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/** Ends an approved exception at once because it is no longer needed. */
export async function retireException(
  ctx: Ctx,
  { id, reason }: EndExceptionInput & { id: string },
): Promise<ExceptionView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    requireMay(ctx, "retire", before, await readLimits(tx, ctx.now));
    await moveTo(tx, before, "retire", { endedAt: ctx.now, endedReason: reason });
    await recordEntry(tx, ctx, {
      action: "exception.retired",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      reason,
      detail: { expiresAt: before.expiresAt.toISOString() },
    });
  });
  return getException(ctx, { id });
}
