import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { type ExceptionRow, getExceptionRow, moveTo, refOf } from "./row";
import type { ReviewExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/**
 * Records that somebody other than requester and business owner looked at it again, and when the next review is
 * due. A suspended exception is in force again from this moment.
 */
export async function reviewException(
  ctx: Ctx,
  { id, note, nextReviewAt }: ReviewExceptionInput & { id: string },
): Promise<ExceptionView> {
  const next = new Date(nextReviewAt);
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    const reviewer = requireMay(ctx, "review", before, await readLimits(tx, ctx.now));
    assertNextReview(before, next, ctx.now);
    await moveTo(tx, before, "review", { reviewedAt: ctx.now, reviewAt: next });
    await tx.exceptionReview.create({
      data: {
        id: uuidv7(),
        exceptionId: before.id,
        reviewedById: reviewer.id,
        note,
        dueAt: before.reviewAt,
        nextReviewAt: next,
        at: ctx.now,
      },
    });
    await recordEntry(tx, ctx, {
      action: "exception.reviewed",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      reason: note,
      detail: { dueAt: before.reviewAt.toISOString(), nextReviewAt: next.toISOString() },
    });
  });
  return getException(ctx, { id });
}

function assertNextReview(row: ExceptionRow, next: Date, now: Date): void {
  if (next > now && next > row.startsAt && next <= row.expiresAt) return;
  throw new SluiceError("invalid", "Some fields are not valid.", {
    fields: [{ path: "nextReviewAt", message: "must be ahead and not after the expiry" }],
  });
}
