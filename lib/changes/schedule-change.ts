import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { freezeAt } from "@/lib/settings/rules";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { type LoadedChange, lockChange, moveTo } from "./row";
import type { ScheduleChangeInput, Seen } from "./schema";
import { freezeText } from "./sentences";
import type { ChangeView } from "./views";

const LONGEST_AHEAD_MS = 90 * 86_400_000;

/**
 * Sets the time at which an approved change is applied by itself. Throws `invalid` when the time is not within the next
 * 90 days, `rule` when a freeze window covers it. Whether it may be applied is asked again when the time has come.
 */
export async function scheduleChange(
  ctx: Ctx,
  { id, at, seen }: ScheduleChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  const time = new Date(at);
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const person = requireMay(ctx, "schedule", before);
    await assertTime(tx, before, { time, now: ctx.now });
    await moveTo(tx, before.row, "schedule", {
      scheduledFor: time,
      scheduledById: person.id,
      suspendedBecause: null,
    });
    await recordEntry(
      tx,
      ctx,
      entryOf(before.row, "change.scheduled", { detail: { for: time.toISOString() } }),
    );
  });
  return getChange(ctx, { id });
}

async function assertTime(
  tx: Tx,
  { subject, governance }: LoadedChange,
  { time, now }: { time: Date; now: Date },
): Promise<void> {
  if (time <= now || time.getTime() > now.getTime() + LONGEST_AHEAD_MS) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: [{ path: "at", message: "must be ahead, and within 90 days" }],
    });
  }
  const freeze = freezeAt(governance.windows, await subject.concerns(tx), time);
  if (freeze !== null) throw ruleBroken("freeze", freezeText(freeze, subject));
}

/** Takes the time away again; the change stays approved. */
export async function unscheduleChange(ctx: Ctx, { id, seen }: { id: string } & Seen): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    requireMay(ctx, "unschedule", before);
    await moveTo(tx, before.row, "unschedule", { scheduledFor: null, scheduledById: null });
    await recordEntry(tx, ctx, entryOf(before.row, "change.unscheduled"));
  });
  return getChange(ctx, { id });
}
