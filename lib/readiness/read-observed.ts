import type { Db, Tx } from "@/lib/db/prisma";
import { countOpenAppeals } from "@/lib/rulings/estimates";
import { floorHour, HOUR_MS } from "@/lib/telemetry/rules";
import type { Observed } from "./conditions";

interface Asked {
  useCaseId: string;
  /** Whole hours, `to` excluded. */
  window: { from: Date; to: Date };
  now: Date;
  /** Whose appeals count; all of the use case's when there are none. */
  controls: readonly string[];
}

/** What was recorded of a use case, who answers for it, and which appeals are open. */
export async function readObserved(db: Db | Tx, asked: Asked): Promise<Observed> {
  const { useCaseId, controls } = asked;
  const [traffic, owners, openAppeals] = [
    await readTraffic(db, asked),
    await readOwners(db, useCaseId),
    await countOpenAppeals(db, { useCaseId, ...(controls.length > 0 && { controls: [...controls] }) }),
  ];
  return { ...traffic, ...owners, openAppeals };
}

interface TrafficRow {
  first: Date | null;
  decisions: number;
  observed: number;
  with_traffic: number;
  later: number;
  later_days: number;
  up_hours: number;
  refused: number;
}

/**
 * Only live hours count: those of which decisions were recorded as they were made (`live_hour`). Days and hours are
 * counted from the first of them in the window: days up to the last one, hours up to now (the present hour is not over
 * and cannot be missing). An hour is known when a decision point was up in it, or when it is live of any use case.
 */
async function readTraffic(
  db: Db | Tx,
  { useCaseId, window, now }: Asked,
): Promise<Pick<Observed, "decisions" | "days" | "telemetry" | "toldLater">> {
  const end = floorHour(now);
  const [row] = await db.$queryRaw<TrafficRow[]>`
    WITH own AS MATERIALIZED (
      SELECT s."hour", sum(s."n")::float8 AS "n", l."hour" IS NOT NULL AS "live"
      FROM "series_hour" s LEFT JOIN "live_hour" l ON l."use_case_id" = s."use_case_id" AND l."hour" = s."hour"
      WHERE s."use_case_id" = ${useCaseId}::uuid AND s."hour" >= ${window.from} AND s."hour" < ${window.to}
      GROUP BY 1, 3),
    span AS MATERIALIZED (SELECT min("hour") AS "first", max("hour") AS "last" FROM own WHERE "live"),
    up AS MATERIALIZED (
      SELECT h."hour" FROM span
      CROSS JOIN LATERAL generate_series(span."first", ${window.to}::timestamptz - interval '1 hour', interval '1 hour') AS h("hour")
      WHERE EXISTS (SELECT 1 FROM "decision_point_hour" p WHERE p."hour" = h."hour")
        OR EXISTS (SELECT 1 FROM "live_hour" l WHERE l."hour" = h."hour")),
    seen AS MATERIALIZED (
      SELECT DISTINCT date_trunc('day', "hour", 'UTC') AS "day" FROM up WHERE "hour" <= (SELECT "last" FROM span))
    SELECT span."first",
      (SELECT coalesce(sum("n"), 0)::float8 FROM own WHERE "live") AS "decisions",
      (SELECT coalesce(sum("n"), 0)::float8 FROM own WHERE NOT "live") AS "later",
      (SELECT count(*)::int FROM seen) AS "observed",
      (SELECT count(DISTINCT date_trunc('day', "hour", 'UTC'))::int FROM own WHERE "live") AS "with_traffic",
      (SELECT count(DISTINCT date_trunc('day', "hour", 'UTC'))::int FROM own
        WHERE date_trunc('day', "hour", 'UTC') NOT IN (SELECT "day" FROM seen)) AS "later_days",
      (SELECT count(*)::int FROM up WHERE "hour" < ${end}) AS "up_hours",
      (SELECT coalesce(sum("refused"), 0)::float8 FROM "ingest_gap"
        WHERE "to_at" >= span."first" AND "from_at" < ${now}) AS "refused"
    FROM span`;
  const toldLater = { decisions: row?.later ?? 0, days: row?.later_days ?? 0 };
  const nothing = {
    decisions: 0,
    days: { observed: 0, withTraffic: 0 },
    telemetry: { hours: 0, gapHours: 0, refused: 0 },
    toldLater,
  };
  if (!row?.first) return nothing;
  const hours = Math.max(1, (end.getTime() - row.first.getTime()) / HOUR_MS);
  return {
    decisions: row.decisions,
    days: { observed: row.observed, withTraffic: row.with_traffic },
    telemetry: { hours, gapHours: Math.max(0, hours - Math.max(1, row.up_hours)), refused: row.refused },
    toldLater,
  };
}

const PERSON = {
  select: { deactivatedAt: true, roles: { select: { role: true } } },
} as const;

async function readOwners(
  db: Db | Tx,
  useCaseId: string,
): Promise<Pick<Observed, "riskOwner" | "applicationOwners">> {
  const { riskOwner, members } = await db.useCase.findUniqueOrThrow({
    where: { id: useCaseId },
    select: { riskOwner: PERSON, members: { select: { person: PERSON } } },
  });
  const holds = ({ roles }: typeof riskOwner, role: string) => roles.some((grant) => grant.role === role);
  const active = members.filter(
    ({ person }) => person.deactivatedAt === null && holds(person, "application_owner"),
  );
  return {
    riskOwner:
      riskOwner.deactivatedAt !== null ? "left" : holds(riskOwner, "risk_owner") ? "active" : "without_role",
    applicationOwners: { active: active.length, named: members.length },
  };
}
