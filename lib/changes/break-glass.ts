import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { type Ahead, evidenceFrom, measureAhead } from "./measure-ahead";
import { appliedDetail, appliedNow, otherWasFirst, putInForce } from "./put-in-force";
import { getChange } from "./queries";
import { loadChange, lockChange, moveTo } from "./row";
import { type Direction, reviewDueAt } from "./rules";
import type { BreakGlassInput, Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * A security lead applies a change at once, without its seats and through a freeze. It is marked for good, and unless
 * somebody else reviews it within the deadline of its direction it steps back by itself. What a proposal must be, and
 * that a policy goes to limited first, holds here too. It waits for no measuring: a draft whose evidence cannot be had
 * in two seconds is applied, and says so.
 */
export async function breakGlass(
  ctx: Ctx,
  { id, reason, seen }: BreakGlassInput & { id: string } & Seen,
): Promise<ChangeView> {
  const ahead = await measureDraft(ctx, id);
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const { row, governance, quorum } = before;
    const lead = requireMay(ctx, "break_glass", before);
    const evidence = row.evidenceDigest === null ? evidenceFrom(ahead, row.proposalDigest) : null;
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

/** What was submitted has its evidence. */
function measureDraft(ctx: Ctx, id: string): Promise<Ahead> {
  return measureAhead(ctx, async (tx) => {
    const change = await loadChange(tx, id, ctx.now);
    requireMay(ctx, "break_glass", change);
    const { row, ...expected } = change;
    if (row.evidenceDigest !== null) return null;
    return { ...expected, baseVersion: row.baseVersion, requesterId: row.requestedById };
  });
}
