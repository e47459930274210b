import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { readLimits } from "./limits";
import { readAppointed, requireMay } from "./may";
import { getException } from "./queries";
import { getExceptionRow, moveTo, refOf } from "./row";
import type { ApproveExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/**
 * A security lead who is neither requester nor owner agrees to exactly the terms that they saw: `stale` when the
 * digest is another one. Of two approvers at the same instant one wins, the other gets `conflict`; so does who approves
 * a renewal while what it renews is revoked.
 */
export async function approveException(
  ctx: Ctx,
  { id, note = "", termsDigest }: ApproveExceptionInput & { id: string },
): Promise<ExceptionView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    const limits = await readLimits(tx, ctx.now);
    const approver = requireMay(ctx, "approve", before, limits, await readAppointed(tx, before));
    if (termsDigest !== before.termsDigest) {
      throw new SluiceError("stale", "The terms are not the ones that you saw. Read them again.");
    }
    if (before.renews?.status === "approved") await moveTo(tx, before.renews, "renew", {});
    await moveTo(tx, before, "approve", {
      decidedById: approver.id,
      decidedAt: ctx.now,
      decisionNote: note || null,
    });
    await recordEntry(tx, ctx, {
      action: "exception.approved",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      ...(note ? { reason: note } : {}),
      detail: { termsDigest, controls: before.controls, expiresAt: before.expiresAt.toISOString() },
    });
  });
  return getException(ctx, { id });
}
