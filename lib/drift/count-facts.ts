import type { Db, Tx } from "@/lib/db/prisma";
import { DAY_MS, floorHour, HOUR_MS } from "@/lib/telemetry/rules";
import type { FactRow } from "./read-facts";
import type { DRIFT_DAYS } from "./schema";

/** How many hours behind what was counted ahead may be, before the hours are read instead. */
const STALE_HOURS = 3;

/** The stretch of time in which facts are looked for, up to now. */
export interface DriftWindow {
  days: (typeof DRIFT_DAYS)[number];
  /** A whole hour. */
  from: Date;
  /** Up to here facts were counted ahead (`refreshCounts`); equals `from` when they were not, or too long ago. */
  counted: Date;
}

type Named = Pick<FactRow, "useCaseId" | "digest">;

interface CountRow extends Named {
  n: number;
  /** Hours in which it was met first and last. */
  first: Date;
  last: Date;
}

/**
 * The last `days` days, from a whole hour on. Where facts were counted ahead they begin with what was counted: up to
 * three hours earlier than asked.
 */
export async function findWindow(db: Db | Tx, days: DriftWindow["days"], now: Date): Promise<DriftWindow> {
  const from = floorHour(new Date(now.getTime() - days * DAY_MS));
  const stale = new Date(now.getTime() - STALE_HOURS * HOUR_MS);
  const [ahead] = await db.$queryRaw<{ from: Date; to: Date }[]>`
    SELECT "from", "to" FROM "fact_count" WHERE "days" = ${days} AND "to" > ${stale} AND "to" <= ${now} LIMIT 1`;
  return ahead ? { days, from: ahead.from, counted: ahead.to } : { days, from, counted: from };
}

/**
 * How often each of these facts was met in the window, and in which hours first and last. What is told late of an hour
 * that was counted ahead is in it from the next refresh on.
 */
export function countFacts(
  db: Db | Tx,
  facts: readonly Named[],
  { days, from, counted }: DriftWindow,
): Promise<CountRow[]> {
  const ahead = counted > from;
  return db.$queryRaw<CountRow[]>`
    SELECT d.u::text AS "useCaseId", d.f AS "digest",
      (coalesce(c."n", 0) + coalesce(met."n", 0))::float8 AS "n",
      least(c."first", met."first") AS "first", greatest(c."last", met."last") AS "last"
    FROM unnest(${facts.map(({ useCaseId }) => useCaseId)}::uuid[], ${facts.map(({ digest }) => digest)}::text[]) AS d(u, f)
    LEFT JOIN "fact_count" c ON ${ahead} AND c."days" = ${days} AND c."use_case_id" = d.u AND c."fact" = decode(d.f, 'hex')
    CROSS JOIN LATERAL (
      SELECT sum(h."n") AS "n", min(h."hour") AS "first", max(h."hour") AS "last" FROM "decision_hour" h
      WHERE h."use_case_id" = d.u AND h."fact" = decode(d.f, 'hex') AND h."hour" >= ${counted}) AS met
    WHERE c."n" > 0 OR met."n" > 0`;
}

/** In which hour each of these facts was last met in the window, and nothing of how often: each counts as one. */
export function seeFacts(db: Db | Tx, facts: readonly Named[], { from }: DriftWindow): Promise<CountRow[]> {
  return db.$queryRaw<CountRow[]>`
    SELECT d.u::text AS "useCaseId", d.f AS "digest", 1::float8 AS "n", met."last" AS "first", met."last"
    FROM unnest(${facts.map(({ useCaseId }) => useCaseId)}::uuid[], ${facts.map(({ digest }) => digest)}::text[]) AS d(u, f)
    CROSS JOIN LATERAL (
      SELECT h."hour" AS "last" FROM "decision_hour" h
      WHERE h."use_case_id" = d.u AND h."fact" = decode(d.f, 'hex') AND h."hour" >= ${from}
      ORDER BY h."hour" DESC LIMIT 1) AS met`;
}

/** Counts all facts ahead, anew. Whoever reads meanwhile is not held up. */
export async function refreshCounts({ db }: { db: Db }): Promise<void> {
  await db.$executeRaw`REFRESH MATERIALIZED VIEW CONCURRENTLY "fact_count"`;
}
