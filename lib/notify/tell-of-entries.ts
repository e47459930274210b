import type { Ctx } from "@/lib/access/context";
import type { Prisma } from "@/lib/db/prisma";
import { findSubject } from "./subjects";
import { type Occasion, type TellingOptions, takeTurn, tell } from "./tell";
import { TELLINGS } from "./tellings";

type JobCtx = Pick<Ctx, "db" | "now">;
type Entry = Prisma.AuditEntryGetPayload<object>;

/** Entries read in one turn. */
const BATCH = 100;

/**
 * Reads the audit log from where it was left, and in one transaction writes what people are told and moves on: nothing
 * is lost and nothing told twice, wherever it is killed. False when there was nothing to read, or another has the turn.
 */
export function tellOfEntries(ctx: JobCtx, options: TellingOptions, batch = BATCH): Promise<boolean> {
  return ctx.db.$transaction(
    async (tx) => {
      if (!(await takeTurn(tx))) return false;
      const { number } = await tx.notifyCursor.findUniqueOrThrow({ where: { id: 1 } });
      const entries = await tx.auditEntry.findMany({
        where: { number: { gt: number } },
        orderBy: { number: "asc" },
        take: batch,
      });
      const last = entries.at(-1);
      if (!last) return false;
      const occasions: Occasion[] = [];
      for (const entry of entries) {
        const occasion = await occasionOf(ctx, entry);
        if (occasion) occasions.push(occasion);
      }
      await tell(tx, ctx, occasions, options);
      await tx.notifyCursor.update({ where: { id: 1 }, data: { number: last.number } });
      return true;
    },
    { maxWait: 5_000, timeout: 60_000 },
  );
}

async function occasionOf(ctx: JobCtx, entry: Entry): Promise<Occasion | null> {
  const telling = TELLINGS[entry.action];
  const detail = entry.detail as Record<string, unknown>;
  if (!telling || telling.when?.(detail) === false) return null;
  const subject = await findSubject(ctx.db, entry.subjectKind, entry.subjectId);
  if (!subject) return null;
  return {
    key: `entry ${entry.number}`,
    type: entry.action,
    topics: telling.topics,
    subject,
    at: entry.at,
    actorId: entry.actorKind === "person" ? entry.actorId : null,
    namedIds: telling.named?.(detail) ?? [],
  };
}
