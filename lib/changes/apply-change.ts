import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { appliedDetail, appliedNow, otherWasFirst, putInForce } from "./put-in-force";
import { getChange } from "./queries";
import { lockChange, moveTo } from "./row";
import type { Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * Puts an approved change in force: the next version, from this moment. The quorum must hold now, no window may
 * freeze it, and the version that it was based on must still be the one in force: of two changes at the same instant
 * one wins, the other gets `conflict`.
 */
export async function applyChange(ctx: Ctx, { id, seen }: { id: string } & Seen): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    requireMay(ctx, "apply", before);
    const version = await putInForce(tx, before, ctx.now);
    await moveTo(tx, before.row, "apply", appliedNow(ctx, version.number));
    await recordEntry(
      tx,
      ctx,
      entryOf(before.row, "change.applied", { detail: appliedDetail(before, version) }),
    );
  }).catch(otherWasFirst);
  return getChange(ctx, { id });
}
