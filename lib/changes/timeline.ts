import type { Db, Tx } from "@/lib/db/prisma";
import type { LoadedChange } from "./row";
import type { TimelineItem } from "./views";

const ACCEPTED = "readiness.accepted";

/** What happened to a change, oldest first: its audit entries, with the text of its comments. */
export async function readTimeline(db: Db | Tx, { row, quorum }: LoadedChange): Promise<TimelineItem[]> {
  const entries = await db.auditEntry.findMany({
    where: { subjectKind: "change", subjectId: row.id },
    orderBy: { number: "asc" },
    select: { at: true, action: true, actorName: true, reason: true, detail: true },
  });
  const comments = await db.changeComment.findMany({
    where: { changeId: row.id },
    select: { id: true, text: true },
  });
  const textOf = new Map(comments.map(({ id, text }) => [id, text]));
  const counting = new Set(quorum.filled.map(({ by }) => by.id));
  return entries.map(({ at, action, actorName, reason, detail }) => {
    const { comment, approval, evidenceDigest } = detail as Record<string, string | undefined>;
    return {
      at: at.toISOString(),
      action: action === ACCEPTED ? "accepted" : action.replace("change.", ""),
      person: actorName,
      text: comment ? (textOf.get(comment) ?? null) : reason,
      stale:
        (action === "change.approved" && approval !== undefined && !counting.has(approval)) ||
        (action === ACCEPTED && evidenceDigest !== row.evidenceDigest),
    };
  });
}
