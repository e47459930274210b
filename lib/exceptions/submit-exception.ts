import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { getExceptionRow, moveTo, refOf } from "./row";
import type { ExceptionView } from "./views";

/** Puts a draft before the security leads. */
export async function submitException(ctx: Ctx, { id }: { id: string }): Promise<ExceptionView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    requireMay(ctx, "submit", before, await readLimits(tx, ctx.now));
    await moveTo(tx, before, "submit", { submittedAt: ctx.now });
    await recordEntry(tx, ctx, {
      action: "exception.submitted",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      detail: { termsDigest: before.termsDigest },
    });
  });
  return getException(ctx, { id });
}
