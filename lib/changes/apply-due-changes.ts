import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { eachAlone } from "./each-alone";
import { entryOf } from "./entry";
import { appliedDetail, appliedNow, putInForce } from "./put-in-force";
import { type LoadedChange, lockChange, moveTo } from "./row";
import { isDue } from "./rules";
import { suspension } from "./sentences";

type JobCtx = Pick<Ctx, "actor" | "db" | "now" | "requestId">;

/**
 * Applies the scheduled changes whose time has come; one that may not be applied at that moment is suspended, with the
 * reason, and never applied by itself again. Safe to run twice or beside another. Returns whether there was any.
 */
export async function applyDueChanges(ctx: JobCtx): Promise<boolean> {
  const due = await ctx.db.changeRequest.findMany({
    where: { status: "scheduled", scheduledFor: { lte: ctx.now } },
    orderBy: [{ scheduledFor: "asc" }, { ref: "asc" }],
    select: { id: true },
  });
  await eachAlone(due, ({ id }) => applyOrSuspend(ctx, id));
  return due.length > 0;
}

/** Where another change of the same thing wins at this instant, the next turn finds the base moved, and suspends. */
async function applyOrSuspend(ctx: JobCtx, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now);
    if (!isStillDue(before, ctx.now)) return;
    const because = suspension(before) ?? whatDoesNotHold(before);
    if (because !== null) {
      await moveTo(tx, before.row, "suspend", { suspendedBecause: because });
      await recordEntry(tx, ctx, entryOf(before.row, "change.suspended", { reason: because }));
      return;
    }
    const version = await putInForce(tx, before, ctx.now);
    await moveTo(tx, before.row, "apply", appliedNow(ctx, version.number));
    const detail = { ...appliedDetail(before, version), scheduledBy: before.row.scheduledBy?.name };
    await recordEntry(tx, ctx, entryOf(before.row, "change.applied", { detail }));
  });
}

function isStillDue({ row }: LoadedChange, now: Date): boolean {
  return row.status === "scheduled" && row.scheduledFor !== null && isDue(row.scheduledFor, now);
}

/** What was approved may no longer be a valid proposal for this version of the program. */
function whatDoesNotHold({ subject, base, proposal, how }: LoadedChange): string | null {
  try {
    subject.check(base, proposal, how);
    return null;
  } catch (error) {
    if (error instanceof SluiceError) return error.message;
    throw error;
  }
}
