import { type Ctx, inTransaction } from "@/lib/access/context";
import type { AuditEvent } from "@/lib/audit/events";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { canonicalJson } from "@/lib/policy/canonical";
import { withoutGlass } from "./before-glass";
import { eachAlone } from "./each-alone";
import { applyEmergency } from "./emergency-change";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { type Ahead, type Expected, measureAhead } from "./measure-ahead";
import { otherWasFirst } from "./put-in-force";
import { getChange } from "./queries";
import { type LoadedChange, loadChange, lockChange, refOf } from "./row";
import { isDue } from "./rules";
import type { ReviewChangeInput, Seen } from "./schema";
import type { ChangeView } from "./views";

type JobCtx = Pick<Ctx, "actor" | "db" | "now" | "requestId">;

/**
 * Somebody else looks at what broke the glass: it stays, or it steps back at once. Of two reviewers at the same instant,
 * or of a reviewer and the deadline, one wins.
 */
export async function reviewChange(
  ctx: Ctx,
  { id, verdict, note, seen }: ReviewChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  const ahead = await measureAhead(ctx, async (tx) => {
    const change = await loadChange(tx, id, ctx.now);
    const reviewer = requireMay(ctx, "review", change);
    return verdict === "stepped_back" ? whatComesBack(tx, change, reviewer.id) : null;
  });
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const person = requireMay(ctx, "review", before);
    const data = { changeId: before.row.id, verdict, personId: person.id, note, at: ctx.now };
    await tx.changeReview.create({ data });
    const back =
      verdict === "stepped_back"
        ? await stepBack(tx, ctx, before, { personId: person.id, reason: note, ahead })
        : null;
    await recordEntry(tx, ctx, entryOf(before.row, "change.reviewed", { reason: note, detail: { verdict } }));
    if (back) await recordEntry(tx, ctx, back);
  }).catch(otherWasFirst);
  return getChange(ctx, { id });
}

/** Takes back what broke the glass and was not reviewed in time. Safe to run twice or beside another. */
export async function stepBackUnreviewed(ctx: JobCtx): Promise<boolean> {
  const due = await ctx.db.changeRequest.findMany({
    where: { emergency: "break_glass", reviewDueAt: { lte: ctx.now }, review: null },
    orderBy: { reviewDueAt: "asc" },
    select: { id: true },
  });
  await eachAlone(due, ({ id }) => lapse(ctx, id));
  return due.length > 0;
}

async function lapse(ctx: JobCtx, id: string): Promise<void> {
  const ahead = await measureAhead(ctx, async (tx) =>
    whatComesBack(tx, await loadChange(tx, id, ctx.now), null),
  );
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now);
    const { row } = before;
    if (row.review !== null || row.reviewDueAt === null || !isDue(row.reviewDueAt, ctx.now)) return;
    const note = "Nobody reviewed it in time.";
    const data = { changeId: row.id, verdict: "lapsed" as const, personId: null, note, at: ctx.now };
    await tx.changeReview.create({ data });
    const reason = `Steps ${refOf(row)} back: ${note}`;
    const back = await stepBack(tx, ctx, before, { personId: null, reason, ahead });
    await recordEntry(
      tx,
      ctx,
      entryOf(row, "change.reviewed", { reason: note, detail: { verdict: "lapsed" } }),
    );
    if (back) await recordEntry(tx, ctx, back);
  });
}

/** What the change moved goes back to what it was (`withoutGlass`). Null: nothing is left to take back. */
async function whatComesBack(
  tx: Tx,
  change: LoadedChange,
  requesterId: string | null,
): Promise<Expected | null> {
  const { subject, currentVersion: baseVersion } = change;
  const base = await subject.read(tx, baseVersion);
  const proposal = await withoutGlass(tx, change, base);
  if (canonicalJson(proposal) === canonicalJson(base)) return null;
  return { subject, baseVersion, base, proposal, requesterId };
}

async function stepBack(
  tx: Tx,
  ctx: Pick<Ctx, "now">,
  change: LoadedChange,
  { personId, reason, ahead }: { personId: string | null; reason: string; ahead: Ahead },
): Promise<AuditEvent | null> {
  const back = await whatComesBack(tx, change, personId);
  if (back === null) return null;
  const { row } = change;
  return applyEmergency(tx, ctx, {
    ...back,
    ahead,
    kind: "step_back",
    reason,
    personId,
    revertsId: row.id,
    detail: { stepsBack: refOf(row) },
  });
}
