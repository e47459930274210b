import type { Ctx } from "@/lib/access/context";
import { OPEN_STATUSES } from "@/lib/changes/lifecycle";
import type { Prisma } from "@/lib/db/prisma";
import { findSubject } from "./subjects";
import { type Occasion, prepareTelling, type TellingOptions, takeTurn, tell } from "./tell";
import { TELLINGS } from "./tellings";

type JobCtx = Pick<Ctx, "db" | "now">;
type Entry = Prisma.AuditEntryGetPayload<object>;

/** Entries read in one turn. */
const BATCH = 100;

/**
 * Reads the audit log from where it was left, and in one transaction writes what people are told and moves on: nothing
 * is lost and nothing told twice, wherever it is killed. False when there was nothing to read, or another was first.
 */
export async function tellOfEntries(ctx: JobCtx, options: TellingOptions, batch = BATCH): Promise<boolean> {
  const { number } = await ctx.db.notifyCursor.findUniqueOrThrow({ where: { id: 1 } });
  const entries = await ctx.db.auditEntry.findMany({
    where: { number: { gt: number } },
    orderBy: { number: "asc" },
    take: batch,
  });
  const last = entries.at(-1);
  if (!last) return false;
  const occasions: Occasion[] = [];
  for (const entry of entries) occasions.push(...(await occasionsOf(ctx, entry)));
  const telling = await prepareTelling(ctx, occasions);
  return ctx.db.$transaction(
    async (tx) => {
      if (!(await takeTurn(tx))) return false;
      const moved = await tx.notifyCursor.updateMany({
        where: { id: 1, number },
        data: { number: last.number },
      });
      if (moved.count === 0) return false;
      await tell(tx, ctx.now, telling, options);
      return true;
    },
    { maxWait: 5_000, timeout: 60_000 },
  );
}

async function occasionsOf(ctx: JobCtx, entry: Entry): Promise<Occasion[]> {
  const telling = TELLINGS[entry.action];
  const detail = entry.detail as Record<string, unknown>;
  if (!telling || telling.when?.(detail) === false) return [];
  const subject = await findSubject(ctx.db, entry.subjectKind, entry.subjectId);
  if (!subject) return [];
  const occasion: Occasion = {
    key: `entry ${entry.number}`,
    type: entry.action,
    topics: telling.topics,
    subject,
    at: entry.at,
    actorId: entry.actorKind === "person" ? entry.actorId : null,
    namedIds: telling.named?.(detail) ?? [],
  };
  return telling.movesBase ? [occasion, ...(await rebases(ctx, occasion))] : [occasion];
}

/** Open changes of the same thing: what they are based on has moved, and their requesters must rebase them. */
async function rebases(ctx: JobCtx, moved: Occasion): Promise<Occasion[]> {
  const change = await ctx.db.changeRequest.findUniqueOrThrow({ where: { id: moved.subject.id } });
  const { subject, subjectKey, useCaseId } = change;
  const others = await ctx.db.changeRequest.findMany({
    where: { subject, subjectKey, useCaseId, id: { not: change.id }, status: { in: [...OPEN_STATUSES] } },
    select: { id: true },
  });
  const found = await Promise.all(others.map(({ id }) => findSubject(ctx.db, "change", id)));
  return found
    .filter((other) => other !== null)
    .map((other) => ({
      ...moved,
      type: "change.base_moved",
      topics: ["change_rebase"],
      subject: other,
      actorId: null,
    }));
}
