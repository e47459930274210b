import { type Ctx, inTransaction, type PersonActor } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { LOCKS } from "@/lib/db/locks";
import type { Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { measureEvidence } from "./proposal";
import { getChange } from "./queries";
import { loadChange, lockMeasured, moveTo } from "./row";
import type { Seen } from "./schema";
import type { ChangeView } from "./views";

/** Measurings that one person may ask for in a minute: each reads a month of traffic. */
const PER_MINUTE = 6;
const MINUTE_MS = 60_000;
/** When to come again while one is under way, in seconds. */
const SOON = 5;

/**
 * Measures impact and readiness anew, up to now. Approvals of what was measured before stop counting. Throws
 * `rate_limited` while the change, or another by the same person, is being measured, and for too many in a minute.
 */
export async function measureChange(ctx: Ctx, { id, seen }: { id: string } & Seen): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const read = await loadChange(tx, id, ctx.now, seen);
    await assertNotTooOften(tx, ctx.now, requireMay(ctx, "measure", read), read.row.id);
    const measured = await measureEvidence(tx, read.subject, read, ctx.now, read.row.requestedById);
    const before = await lockMeasured(tx, read, ctx.now, seen);
    const { row } = before;
    requireMay(ctx, "measure", before);
    await moveTo(tx, row, "measure", {
      ...measured,
      scheduledFor: null,
      scheduledById: null,
      suspendedBecause: null,
    });
    const detail = { before: row.evidenceDigest, evidenceDigest: measured.evidenceDigest };
    await recordEntry(tx, ctx, entryOf(row, "change.measured", { detail }));
  });
  return getChange(ctx, { id });
}

async function assertNotTooOften(tx: Tx, now: Date, { id }: PersonActor, changeId: string): Promise<void> {
  for (const key of [`change ${changeId}`, `person ${id}`]) {
    const [lock] = await tx.$queryRaw<{ mine: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(${LOCKS.measure}::int, hashtext(${key})) AS "mine"`;
    if (!lock?.mine) throw tooOften("It is being measured, or you are measuring another.", SOON);
  }
  const recent = await tx.auditEntry.findMany({
    where: { action: "change.measured", actorId: id, at: { gt: new Date(now.getTime() - MINUTE_MS) } },
    orderBy: { at: "desc" },
    take: PER_MINUTE,
    select: { at: true },
  });
  const oldest = recent[PER_MINUTE - 1];
  if (oldest === undefined) return;
  const seconds = Math.max(1, Math.ceil((oldest.at.getTime() + MINUTE_MS - now.getTime()) / 1000));
  throw tooOften(`You have asked for ${PER_MINUTE} measurings in a minute.`, seconds);
}

function tooOften(why: string, retryAfterSeconds: number): SluiceError {
  const message = `${why} Try again in ${retryAfterSeconds} seconds.`;
  return new SluiceError("rate_limited", message, { retryAfterSeconds });
}
