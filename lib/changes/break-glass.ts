import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { measureEvidence } from "./proposal";
import { appliedDetail, appliedNow, otherWasFirst, putInForce } from "./put-in-force";
import { getChange } from "./queries";
import { lockChange, moveTo } from "./row";
import { type Direction, reviewDueAt } from "./rules";
import type { BreakGlassInput, Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * A security lead applies a change at once, without its seats and through a freeze. It is marked for good, and unless
 * somebody else reviews it within the deadline of its direction it steps back by itself. What a proposal must be, and
 * that a policy goes to limited first, holds here too.
 */
export async function breakGlass(
  ctx: Ctx,
  { id, reason, seen }: BreakGlassInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const { row, subject, governance, quorum } = before;
    const lead = requireMay(ctx, "break_glass", before);
    const evidence = row.evidenceDigest === null ? await measureEvidence(tx, subject, before, ctx.now) : null;
    const dueAt = reviewDueAt(row.direction as Direction, governance.emergencies, ctx.now);
    const version = await putInForce(tx, before, ctx.now);
    await moveTo(tx, row, "break_glass", {
      ...appliedNow(ctx, version.number),
      ...evidence,
      submittedAt: row.submittedAt ?? ctx.now,
      emergency: "break_glass",
      brokeGlassById: lead.id,
      reviewDueAt: dueAt,
    });
    const detail = {
      ...appliedDetail(before, version),
      ...(evidence && { evidenceDigest: evidence.evidenceDigest }),
      openSeats: quorum.open.map(({ seat }) => seat),
      unaccepted: before.standing.unaccepted,
      reviewDueAt: dueAt.toISOString(),
    };
    await recordEntry(tx, ctx, entryOf(row, "change.broke_glass", { reason, detail }));
  }).catch(otherWasFirst);
  return getChange(ctx, { id });
}
