import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { requireMay } from "./may";
import { getException } from "./queries";
import { type ExceptionRow, getExceptionRow, moveTo, refOf } from "./row";
import { assertLife } from "./rules";
import type { ApproveExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/**
 * A security lead who is neither requester nor owner agrees to exactly the terms that they saw: `stale` when the
 * digest is another one. Of two approvers at the same instant one wins, the other gets `conflict`.
 */
export async function approveException(
  ctx: Ctx,
  { id, note = "", termsDigest }: ApproveExceptionInput & { id: string },
): Promise<ExceptionView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    const approver = requireMay(ctx, "approve", before);
    if (termsDigest !== before.termsDigest) {
      throw new SluiceError("stale", "The terms are not the ones that you saw. Read them again.");
    }
    assertLife(before, before.useCase.tier, ctx.now);
    await assertOwnersActive(tx, before);
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

async function assertOwnersActive(tx: Tx, row: ExceptionRow): Promise<void> {
  const left = await tx.person.findMany({
    where: { id: { in: [row.riskOwnerId, row.businessOwnerId] }, deactivatedAt: { not: null } },
    select: { name: true },
  });
  const names = left.map(({ name }) => name).join(" and ");
  if (left.length > 0)
    throw ruleBroken("owner-left", `${names} can no longer own it; request it with another owner.`);
}
