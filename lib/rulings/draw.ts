import { LOCKS } from "@/lib/db/locks";
import type { Db, Tx } from "@/lib/db/prisma";
import { CANARY } from "@/lib/policy/evaluate";

/** What the keys of the sample are digests of, before use case, control and decision. */
export const KEY_DOMAIN = "sluice.finding-draw/v1";

/** Findings of a day that are kept of each control and level, unless more are asked for. */
export const DRAWN_A_DAY = 200;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Brings the draws of every day that the window meets up to date. A finding's key is SHA-256 over `KEY_DOMAIN`, use
 * case, control and decision, joined by `|`: a random order that nobody chooses and anybody can work out again. Of each
 * day the smallest keys are kept. What was drawn is drawn again by hours: those that count other than when they were
 * drawn, so late decisions come in too. Two at once do the same, and do no harm.
 */
export async function drawFindings(
  db: Db | Tx,
  { useCaseId, from, to, keep }: { useCaseId: string; from: Date; to: Date; keep: number },
): Promise<void> {
  const first = new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS);
  const kept = Math.max(keep, DRAWN_A_DAY);
  const stale = await db.$queryRaw<StaleHour[]>`
    WITH counted AS (
      SELECT "hour", sum("n")::bigint AS "n" FROM "control_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${first} AND "hour" < ${to} AND "control" <> ${CANARY}
      GROUP BY 1)
    SELECT c."hour", c."n" FROM counted c
    LEFT JOIN "finding_draw_hour" d ON d."use_case_id" = ${useCaseId}::uuid AND d."hour" = c."hour"
    WHERE d."n" IS DISTINCT FROM c."n" OR d."kept" < ${keep}
    ORDER BY c."hour"`;
  for (const hours of Map.groupBy(stale, ({ hour }) => Math.floor(hour.getTime() / DAY_MS)).values()) {
    await drawHours(db, { useCaseId, hours, kept });
    await dropOvertaken(db, { useCaseId, day: dayOf(hours), kept });
  }
}

interface StaleHour {
  hour: Date;
  n: bigint;
}

const dayOf = ([first]: readonly StaleHour[]) =>
  new Date(Math.floor((first?.hour.getTime() ?? 0) / DAY_MS) * DAY_MS).toISOString().slice(0, 10);

/**
 * Draws from the first of these hours of one day to the last. Counts were read before the findings: whoever comes in
 * between makes their hour stale again, and is not missed.
 */
async function drawHours(
  db: Db | Tx,
  { useCaseId, hours, kept }: { useCaseId: string; hours: readonly StaleHour[]; kept: number },
): Promise<void> {
  const times = hours.map(({ hour }) => hour.getTime());
  const [from, end] = [new Date(Math.min(...times)), new Date(Math.max(...times) + HOUR_MS)];
  await db.$executeRaw`
    WITH found AS (
      SELECT d."id", d."decided_at", f."finding"->>'control' AS "control", coalesce(f."finding"->>'level', '') AS "level",
        f."finding"->>'effect' AS "effect"
      FROM "decision" d CROSS JOIN LATERAL jsonb_array_elements(d."findings") AS f("finding")
      WHERE d."use_case_id" = ${useCaseId}::uuid AND d."decided_at" >= ${from} AND d."decided_at" < ${end}
        AND d."findings" <> '[]' AND f."finding"->>'control' <> ${CANARY}),
    keyed AS (
      SELECT *, sha256(convert_to(concat_ws('|', ${KEY_DOMAIN}::text, ${useCaseId}::text, "control", "id"::text), 'UTF8')) AS "key"
      FROM found),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY "control", "level" ORDER BY "key") AS "rank" FROM keyed),
    written AS (
      INSERT INTO "finding_draw" ("use_case_id", "day", "control", "level", "key", "decision_id", "decided_at", "effect")
      SELECT ${useCaseId}::uuid, ${dayOf(hours)}::date, "control", "level", "key", "id", "decided_at", "effect"
      FROM ranked WHERE "rank" <= ${kept} ORDER BY "control", "level", "key"
      ON CONFLICT DO NOTHING)
    INSERT INTO "finding_draw_hour" ("use_case_id", "hour", "n", "kept")
    SELECT ${useCaseId}::uuid, h."hour", h."n", ${kept}
    FROM unnest(${hours.map(({ hour }) => hour)}::timestamptz[], ${hours.map(({ n }) => n)}::bigint[]) AS h("hour", "n")
    ON CONFLICT ("use_case_id", "hour") DO UPDATE SET "n" = excluded."n", "kept" = excluded."kept"`;
}

/** Hours bring in as many as a day keeps: those that have become too many go, unless another is at it right now. */
async function dropOvertaken(
  db: Db | Tx,
  { useCaseId, day, kept }: { useCaseId: string; day: string; kept: number },
): Promise<void> {
  await db.$executeRaw`
    WITH may AS MATERIALIZED (
      SELECT pg_try_advisory_xact_lock(${LOCKS.findingDraw}, hashtext(${useCaseId})) AS "may"),
    kept AS MATERIALIZED (
      SELECT greatest(${kept}, max("kept")) AS "n" FROM "finding_draw_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid
        AND ("hour" AT TIME ZONE 'UTC')::date = ${day}::date),
    ranked AS (
      SELECT "control", "level", "key", row_number() OVER (PARTITION BY "control", "level" ORDER BY "key") AS "rank"
      FROM "finding_draw" WHERE "use_case_id" = ${useCaseId}::uuid AND "day" = ${day}::date AND (SELECT "may" FROM may))
    DELETE FROM "finding_draw" f USING ranked r
    WHERE f."use_case_id" = ${useCaseId}::uuid AND f."day" = ${day}::date
      AND f."control" = r."control" AND f."level" = r."level" AND f."key" = r."key" AND r."rank" > (SELECT "n" FROM kept)`;
}

/** A finding that was drawn. */
export interface Drawn {
  control: string;
  /** Empty for controls that know no levels. */
  level: string;
  /** Its place in the random order of its stratum in the window, from 1. */
  rank: number;
  decisionId: string;
  decidedAt: Date;
  effect: string;
}

/** The first findings of each of these strata in the window, in random order; drawn before. */
export function readDrawn(
  db: Db | Tx,
  {
    useCaseId,
    strata,
    from,
    to,
  }: {
    useCaseId: string;
    strata: readonly { control: string; level: string; limit: number }[];
    from: Date;
    to: Date;
  },
): Promise<Drawn[]> {
  return db.$queryRaw<Drawn[]>`
    SELECT s."control", s."level", m.*
    FROM unnest(${strata.map(({ control }) => control)}::text[], ${strata.map(({ level }) => level)}::text[],
      ${strata.map(({ limit }) => limit)}::int[]) AS s("control", "level", "limit")
    CROSS JOIN LATERAL (
      SELECT "decision_id"::text AS "decisionId", "decided_at" AS "decidedAt", "effect",
        row_number() OVER (ORDER BY "key")::int AS "rank"
      FROM "finding_draw"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "control" = s."control" AND "level" = s."level"
        AND "decided_at" >= ${from} AND "decided_at" < ${to}
      ORDER BY "key" LIMIT s."limit") AS m
    ORDER BY s."control", s."level", m."rank"`;
}
