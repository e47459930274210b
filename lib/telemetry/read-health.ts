import type { Db } from "@/lib/db/prisma";
import type { HealthView } from "./views";

/** A decision point that has not been seen for this long (milliseconds) counts as down. */
export const SEEN_WITHIN_MS = 60_000;

/** Which decision points are up, how fresh telemetry is, and how far it is anchored in the audit log. */
export async function readHealth(db: Db, now: Date): Promise<Omit<HealthView, "gapHours" | "hours">> {
  const [points, last, newest, anchored, unanchored] = await Promise.all([
    db.$queryRaw<{ name: string; started_at: Date; seen_at: Date }[]>`
      SELECT "name", "started_at", "seen_at" FROM "decision_point" ORDER BY "name"`,
    db.$queryRaw<{ at: Date }[]>`
      SELECT "decided_at" AS "at" FROM "decision" ORDER BY "decided_at" DESC, "id" DESC LIMIT 1`,
    db.$queryRaw<{ at: Date }[]>`
      SELECT max("last_at") AS "at" FROM (
        SELECT (SELECT max("last_at") FROM "decision_batch" b WHERE b."use_case_id" = u."id") AS "last_at"
        FROM "use_case" u) AS newest`,
    db.$queryRaw<{ at: Date }[]>`
      SELECT max("last_at") AS "at" FROM "decision_batch"
      WHERE "anchored_by" = (SELECT max("anchored_by") FROM "decision_batch" WHERE "anchored_by" IS NOT NULL)`,
    db.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS "n" FROM "decision_batch" WHERE "anchored_by" IS NULL`,
  ]);
  return {
    decisionPoints: points.map((point) => ({
      name: point.name,
      startedAt: point.started_at.toISOString(),
      seenAt: point.seen_at.toISOString(),
      up: now.getTime() - point.seen_at.getTime() <= SEEN_WITHIN_MS,
    })),
    lastDecisionAt: iso(last[0]?.at),
    newestBatchAt: iso(newest[0]?.at),
    newestAnchoredAt: iso(anchored[0]?.at),
    unanchoredBatches: unanchored[0]?.n ?? 0,
  };
}

function iso(at: Date | null | undefined): string | null {
  return at ? at.toISOString() : null;
}
