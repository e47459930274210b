import type { Db } from "@/lib/db/prisma";
import { OVERDUE_DAYS } from "@/lib/notify/rules";
import { DAY_MS, floorHour } from "@/lib/telemetry/rules";
import type { Direction } from "@/lib/use-cases/views";
import type { DecideTimes, ProcessView } from "./views";

const WINDOW_DAYS = 30;

/** The process figures of the last 30 days, and of the 30 before for how long decisions took. */
export async function readProcess(db: Db, now: Date): Promise<ProcessView> {
  const since = new Date(now.getTime() - WINDOW_DAYS * DAY_MS);
  const previousSince = new Date(since.getTime() - WINDOW_DAYS * DAY_MS);
  const [times, counts, underException] = await Promise.all([
    readTimes(db, previousSince, since),
    readCounts(db, since, new Date(now.getTime() - OVERDUE_DAYS * DAY_MS)),
    readUnderException(db, now),
  ]);
  const timesOf = (kind: TimesRow["kind"]) => ({
    now: toTimes(times.find((row) => row.kind === kind && row.isNow)),
    previous: toTimes(times.find((row) => row.kind === kind && !row.isNow)),
  });
  return {
    since: since.toISOString(),
    previousSince: previousSince.toISOString(),
    changes: timesOf("change"),
    exceptions: timesOf("exception"),
    ...counts,
    underException,
  };
}

interface TimesRow {
  kind: "change" | "exception";
  isNow: boolean;
  n: number;
  median: number;
  p90: number;
}

function toTimes(row: TimesRow | undefined): DecideTimes {
  return { n: row?.n ?? 0, medianSeconds: row?.median ?? null, p90Seconds: row?.p90 ?? null };
}

/**
 * A change is decided when its last seat is taken or it is rejected, an exception when it is approved or rejected; by
 * nearest rank (`percentile_disc`).
 */
function readTimes(db: Db, from: Date, since: Date): Promise<TimesRow[]> {
  return db.$queryRaw<TimesRow[]>`
    WITH decided AS (
      SELECT 'change' AS "kind", c."submitted_at", CASE c."status" WHEN 'rejected' THEN c."closed_at" ELSE (
          SELECT max(a."at") FROM "change_approval" a WHERE a."change_id" = c."id" AND a."verdict" = 'approve') END AS "at"
      FROM "change_request" c
      WHERE c."emergency" IS NULL AND c."status" IN ('rejected', 'approved', 'scheduled', 'suspended', 'applied')
      UNION ALL
      SELECT 'exception', "submitted_at", "decided_at" FROM "policy_exception"
    )
    SELECT "kind", "at" >= ${since} AS "isNow", count(*)::int AS "n",
      (percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM "at" - "submitted_at")))::float8 AS "median",
      (percentile_disc(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM "at" - "submitted_at")))::float8 AS "p90"
    FROM decided WHERE "at" >= ${from} AND "submitted_at" IS NOT NULL GROUP BY 1, 2`;
}

/** Counted by the very conditions of the lists that the figures lead to. */
async function readCounts(
  db: Db,
  since: Date,
  waitingSince: Date,
): Promise<Pick<ProcessView, "overdue" | "applied" | "brokeGlass">> {
  const isOverdue = { submittedAt: { lt: waitingSince } };
  const isRecent = { OR: [{ submittedAt: { gte: since } }, { closedAt: { gte: since } }] };
  const [changes, exceptions, applied, brokeGlass] = await Promise.all([
    db.changeRequest.count({ where: { status: "in_review", ...isOverdue } }),
    db.policyException.count({ where: { status: "submitted", ...isOverdue } }),
    db.changeRequest.groupBy({ by: ["direction"], where: { status: "applied", ...isRecent }, _count: true }),
    db.changeRequest.count({ where: { emergency: "break_glass", ...isRecent } }),
  ]);
  const went = (direction: Direction) => applied.find((row) => row.direction === direction)?._count ?? 0;
  return {
    overdue: { days: OVERDUE_DAYS, changes, exceptions },
    applied: {
      tightens: went("tightens"),
      loosens: went("loosens"),
      mixed: went("mixed"),
      equal: went("equal"),
    },
    brokeGlass,
  };
}

/** From whole hours: those of the exempted by an index of their own, the totals from the coarse ones. */
async function readUnderException(db: Db, now: Date): Promise<ProcessView["underException"]> {
  const starts = ([7, 30] as const).map((days) => ({
    days,
    from: floorHour(new Date(now.getTime() - days * DAY_MS)),
  }));
  return Promise.all(
    starts.map(async ({ days, from }) => {
      const [row] = await db.$queryRaw<{ exempted: number; total: number }[]>`
        SELECT
          (SELECT coalesce(sum("n"), 0)::float8 FROM "decision_hour"
            WHERE "exception" <> '00000000-0000-0000-0000-000000000000' AND "hour" >= ${from}) AS "exempted",
          (SELECT coalesce(sum("n"), 0)::float8 FROM "series_hour" WHERE "hour" >= ${from}) AS "total"`;
      return { days, from: from.toISOString(), exempted: row?.exempted ?? 0, total: row?.total ?? 0 };
    }),
  );
}
