import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { readLimits } from "./limits";
import { requireMay } from "./may";
import { getException } from "./queries";
import { type ExceptionRow, getExceptionRow, lockAsRead, moveTo, refOf } from "./row";
import type { ShortenExceptionInput } from "./schema";
import type { ExceptionView } from "./views";

/**
 * Makes an approved exception end earlier than its approver agreed to. It only tightens: nothing of what has passed is
 * changed, a suspended one stays suspended, and what was to be reviewed after the new end is not due any more. It is an
 * answer to a campaign of reviews, so whoever may not review it may not shorten it. Throws `invalid` for an expiry that is
 * not ahead, not after the start, or not earlier.
 */
export async function shortenException(
  ctx: Ctx,
  { id, expiresAt, reason }: ShortenExceptionInput & { id: string },
): Promise<ExceptionView> {
  const to = new Date(expiresAt);
  await inTransaction(ctx, async (tx) => {
    const before = await getExceptionRow(tx, id);
    const person = requireMay(ctx, "shorten", before, await readLimits(tx, ctx.now));
    assertEarlier(before, to, ctx.now);
    await lockAsRead(tx, before);
    await tx.exceptionShortening.create({
      data: {
        id: uuidv7(),
        exceptionId: before.id,
        revision: before.revision + 1,
        fromAt: before.expiresAt,
        toAt: to,
        byId: person.id,
        reason,
        at: ctx.now,
      },
    });
    const reviewAt = before.reviewAt > to ? to : before.reviewAt;
    await moveTo(tx, before, "shorten", { expiresAt: to, reviewAt });
    await recordEntry(tx, ctx, {
      action: "exception.shortened",
      subject: { kind: "exception", id: before.id, ref: refOf(before) },
      useCase: before.useCase.slug,
      reason,
      detail: { from: before.expiresAt.toISOString(), expiresAt: to.toISOString() },
    });
  });
  return getException(ctx, { id });
}

function assertEarlier(row: ExceptionRow, to: Date, now: Date): void {
  if (to > now && to > row.startsAt && to < row.expiresAt) return;
  const message =
    to >= row.expiresAt
      ? "must be earlier than the expiry that it has"
      : "must be ahead and after the start; to end it now, revoke or retire it";
  throw new SluiceError("invalid", "Some fields are not valid.", {
    fields: [{ path: "expiresAt", message }],
  });
}
