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
  up_hours: number;
  refused: number;
}

/**
 * Days and hours are counted from the first decision of the window: days up to the last one, hours up to now (the
 * present hour is not over and cannot be missing). An hour is known when a decision point was up in it, or when any
 * use case has a decision in it.
 */
async function readTraffic(
  db: Db | Tx,
  { useCaseId, window, now }: Asked,
): Promise<Pick<Observed, "decisions" | "days" | "telemetry">> {
  const end = floorHour(now);
  const [row] = await db.$queryRaw<TrafficRow[]>`
    WITH own AS MATERIALIZED (
      SELECT "hour", sum("n")::float8 AS "n" FROM "series_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${window.from} AND "hour" < ${window.to}
      GROUP BY 1),
    span AS MATERIALIZED (SELECT min("hour") AS "first", max("hour") AS "last" FROM own),
    up AS MATERIALIZED (
      SELECT "hour" FROM "decision_point_hour" WHERE "hour" >= (SELECT "first" FROM span) AND "hour" < ${window.to}
      UNION
      SELECT "hour" FROM "series_hour" WHERE "hour" >= (SELECT "first" FROM span) AND "hour" < ${window.to})
    SELECT span."first",
      (SELECT coalesce(sum("n"), 0)::float8 FROM own) AS "decisions",
      (SELECT count(DISTINCT date_trunc('day', "hour", 'UTC'))::int FROM up WHERE "hour" <= span."last") AS "observed",
      (SELECT count(DISTINCT date_trunc('day', "hour", 'UTC'))::int FROM own) AS "with_traffic",
      (SELECT count(*)::int FROM up WHERE "hour" < ${end}) AS "up_hours",
      (SELECT coalesce(sum("refused"), 0)::float8 FROM "ingest_gap"
        WHERE "to_at" >= span."first" AND "from_at" < ${now}) AS "refused"
    FROM span`;
  const nothing = {
    decisions: 0,
    days: { observed: 0, withTraffic: 0 },
    telemetry: { hours: 0, gapHours: 0, refused: 0 },
  };
  if (!row?.first) return nothing;
  const hours = Math.max(1, (end.getTime() - row.first.getTime()) / HOUR_MS);
  return {
    decisions: row.decisions,
    days: { observed: row.observed, withTraffic: row.with_traffic },
    telemetry: { hours, gapHours: Math.max(0, hours - Math.max(1, row.up_hours)), refused: row.refused },
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
