import type { Db, Tx } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import { CANARY } from "@/lib/policy/evaluate";

/** What the keys of the sample are digests of, before use case, control and decision. */
export const KEY_DOMAIN = "sluice.finding-draw/v1";

/** Findings of a day that are kept of each control and level, unless more are asked for. */
export const DRAWN_A_DAY = 200;

const DAY_MS = 86_400_000;

/**
 * Brings the draws of every day that the window meets up to date. A finding's key is SHA-256 over `KEY_DOMAIN`, use
 * case, control and decision, joined by `|`: a random order that nobody chooses and anybody can work out again. A day
 * is drawn again when its hours count other than when it was drawn, so late decisions come in too. Two at once do
 * the same, and do no harm.
 */
export async function drawFindings(
  db: Db | Tx,
  { useCaseId, from, to, keep }: { useCaseId: string; from: Date; to: Date; keep: number },
): Promise<void> {
  const first = new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS);
  const kept = Math.max(keep, DRAWN_A_DAY);
  const stale = await db.$queryRaw<{ day: Date; n: bigint }[]>`
    WITH counted AS (
      SELECT ("hour" AT TIME ZONE 'UTC')::date AS "day", sum("n")::bigint AS "n" FROM "control_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${first} AND "hour" < ${to} AND "control" <> ${CANARY}
      GROUP BY 1)
    SELECT c."day", c."n" FROM counted c
    LEFT JOIN "finding_draw_day" d ON d."use_case_id" = ${useCaseId}::uuid AND d."day" = c."day"
    WHERE d."n" IS DISTINCT FROM c."n" OR d."kept" < ${keep}
    ORDER BY c."day"`;
  for (const { day, n } of stale) await drawDay(db, { useCaseId, day, n, kept });
}

/** Counts were read before the findings: whoever comes in between makes the day stale again, and is not missed. */
async function drawDay(
  db: Db | Tx,
  { useCaseId, day, n, kept }: { useCaseId: string; day: Date; n: bigint; kept: number },
): Promise<void> {
  const end = new Date(day.getTime() + DAY_MS);
  await db.$executeRaw`
    WITH found AS (
      SELECT d."id", d."decided_at", f."finding"->>'control' AS "control", coalesce(f."finding"->>'level', '') AS "level",
        f."finding"->>'effect' AS "effect"
      FROM "decision" d CROSS JOIN LATERAL jsonb_array_elements(d."findings") AS f("finding")
      WHERE d."use_case_id" = ${useCaseId}::uuid AND d."decided_at" >= ${day} AND d."decided_at" < ${end}
        AND d."findings" <> '[]' AND f."finding"->>'control' <> ${CANARY}),
    keyed AS (
      SELECT *, sha256(convert_to(concat_ws('|', ${KEY_DOMAIN}::text, ${useCaseId}::text, "control", "id"::text), 'UTF8')) AS "key"
      FROM found),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY "control", "level" ORDER BY "key") AS "rank" FROM keyed),
    written AS (
      INSERT INTO "finding_draw" ("use_case_id", "day", "control", "level", "key", "decision_id", "decided_at", "effect")
      SELECT ${useCaseId}::uuid, (${day}::timestamptz AT TIME ZONE 'UTC')::date, "control", "level", "key", "id", "decided_at", "effect"
      FROM ranked WHERE "rank" <= ${kept} ORDER BY "control", "level", "key"
      ON CONFLICT DO NOTHING)
    INSERT INTO "finding_draw_day" ("use_case_id", "day", "n", "kept")
    VALUES (${useCaseId}::uuid, (${day}::timestamptz AT TIME ZONE 'UTC')::date, ${n}, ${kept})
    ON CONFLICT ("use_case_id", "day") DO UPDATE SET "n" = excluded."n", "kept" = excluded."kept"`;
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

/** The first `limit` findings of each control and level in the window, in random order; drawn before. */
export async function readDrawn(
  db: Db | Tx,
  {
    useCaseId,
    controls,
    from,
    to,
    limit,
  }: { useCaseId: string; controls?: readonly string[]; from: Date; to: Date; limit: number },
): Promise<Drawn[]> {
  const asked = controls ? Prisma.sql`"control" = ANY (${[...controls]})` : Prisma.sql`true`;
  const rows = await db.$queryRaw<Drawn[]>`
    SELECT * FROM (
      SELECT "control", "level", "decision_id"::text AS "decisionId", "decided_at" AS "decidedAt", "effect",
        row_number() OVER (PARTITION BY "control", "level" ORDER BY "key")::int AS "rank"
      FROM "finding_draw"
      WHERE "use_case_id" = ${useCaseId}::uuid
        AND "day" >= (${from}::timestamptz AT TIME ZONE 'UTC')::date AND "day" <= (${to}::timestamptz AT TIME ZONE 'UTC')::date
        AND "decided_at" >= ${from} AND "decided_at" < ${to} AND ${asked}) t
    WHERE "rank" <= ${limit} ORDER BY "control", "level", "rank"`;
  return rows;
}
