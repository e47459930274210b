import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { getExceptionRow, moveTo, refOf } from "./row";
import type { RejectExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/** Refuses a submitted exception, with the reason that the requester reads. */
export async function rejectException(
  ctx: Ctx,
  { id, note }: RejectExceptionInput & { id: string },
): Promise<ExceptionView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    const person = requireMay(ctx, "reject", before, await readLimits(tx, ctx.now));
    await moveTo(tx, before, "reject", {
      decidedById: person.id,
      decidedAt: ctx.now,
      decisionNote: note,
    });
    await recordEntry(tx, ctx, {
      action: "exception.rejected",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      reason: note,
      detail: { termsDigest: before.termsDigest },
    });
  });
  return getException(ctx, { id });
}
