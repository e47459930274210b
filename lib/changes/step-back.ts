import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { isUniqueViolation, type Tx } from "@/lib/db/prisma";
import { canonicalJson } from "@/lib/policy/canonical";
import { mergeBy } from "@/lib/policy/merge";
import { applyEmergency } from "./emergency-change";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { type LoadedChange, lockChange, refOf } from "./row";
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
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const person = requireMay(ctx, "review", before);
    const data = { changeId: before.row.id, verdict, personId: person.id, note, at: ctx.now };
    await tx.changeReview.create({ data });
    await recordEntry(tx, ctx, entryOf(before.row, "change.reviewed", { reason: note, detail: { verdict } }));
    if (verdict === "stepped_back") await stepBack(tx, ctx, before, { personId: person.id, reason: note });
  });
  return getChange(ctx, { id });
}

/** Takes back what broke the glass and was not reviewed in time. Safe to run twice or beside another. */
export async function stepBackUnreviewed(ctx: JobCtx): Promise<boolean> {
  const due = await ctx.db.changeRequest.findMany({
    where: { emergency: "break_glass", reviewDueAt: { lte: ctx.now }, review: null },
    orderBy: { reviewDueAt: "asc" },
    select: { id: true },
  });
  for (const { id } of due) await lapse(ctx, id);
  return due.length > 0;
}

async function lapse(ctx: JobCtx, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now);
    const { row } = before;
    if (row.review !== null || row.reviewDueAt === null || !isDue(row.reviewDueAt, ctx.now)) return;
    const note = "Nobody reviewed it in time.";
    const data = { changeId: row.id, verdict: "lapsed" as const, personId: null, note, at: ctx.now };
    await tx.changeReview.create({ data });
    await recordEntry(
      tx,
      ctx,
      entryOf(row, "change.reviewed", { reason: note, detail: { verdict: "lapsed" } }),
    );
    await stepBack(tx, ctx, before, { personId: null, reason: `Steps ${refOf(row)} back: ${note}` });
  }).catch((error: unknown) => {
    // Another change was applied at this instant: the next turn takes back what is left of it.
    if (!isUniqueViolation(error)) throw error;
  });
}

/**
 * Every field that the change moved goes back to what it was, but for those that somebody has moved since with their
 * seats. Nothing is left to take back where all were.
 */
async function stepBack(
  tx: Tx,
  ctx: Pick<Ctx, "actor" | "now">,
  { row, subject, base, proposal, currentVersion }: LoadedChange,
  { personId, reason }: { personId: string | null; reason: string },
): Promise<void> {
  const theirs = await subject.read(tx, currentVersion);
  const { merged } = mergeBy(subject.shape, { base: proposal, mine: base, theirs }, () => "theirs");
  if (canonicalJson(merged) === canonicalJson(theirs)) return;
  await applyEmergency(tx, ctx, {
    subject,
    proposal: merged,
    kind: "step_back",
    reason,
    personId,
    revertsId: row.id,
    detail: { stepsBack: refOf(row) },
  });
}
