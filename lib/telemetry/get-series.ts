import { type Ctx, requirePermission } from "@/lib/access/context";
import { type Db, Prisma, type Tx } from "@/lib/db/prisma";
import type { Outcome } from "@/lib/policy/vocabulary";
import { foldSeries, HOUR_MS, noOutcomes, type SeriesCell, sumOutcomes, wholeHours } from "./rules";
import type { SeriesInput } from "./schema";
import { inUseCases, scopeOf } from "./scope";
import type { OutcomeCounts, SeriesView } from "./views";

/**
 * Decisions over time by outcome (or by what the outcome would be were the stage enforcing), in UTC hours or days,
 * from the coarse hours. The window is widened to whole hours and ends with the present one.
 */
export async function getSeries(ctx: Ctx, input: SeriesInput): Promise<SeriesView> {
  requirePermission(ctx, "telemetry:read");
  const useCaseId = await scopeOf(ctx.db, input.useCase);
  const window = wholeHours(input.from, input.to, ctx.now);
  const by = input.by ?? "outcome";
  const [cells, gaps] = await Promise.all([
    readCells(ctx.db, useCaseId, window, input.bucket, by),
    listGapHours(ctx.db, window),
  ]);
  const folded = foldSeries(window, input.bucket, cells, gaps);
  const totals = noOutcomes();
  for (const cell of cells) totals[cell.outcome] += cell.n;
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    bucket: input.bucket,
    by,
    useCase: input.useCase ?? null,
    buckets: folded.map((bucket) => ({ ...bucket, at: bucket.at.toISOString() })),
    totals,
    total: sumOutcomes(totals),
    gapHours: gaps.length,
    hours: (window.to.getTime() - window.from.getTime()) / HOUR_MS,
  };
}

/** Hours of the window in which no decision point was up and no decision stands, in order. */
export async function listGapHours(db: Db | Tx, window: { from: Date; to: Date }): Promise<Date[]> {
  const rows = await db.$queryRaw<{ hour: Date }[]>`
    SELECT h AS "hour"
    FROM generate_series(${window.from}::timestamptz, ${window.to}::timestamptz - interval '1 hour', interval '1 hour') AS h
    WHERE NOT EXISTS (SELECT FROM "decision_point_hour" d WHERE d."hour" = h)
      AND NOT EXISTS (SELECT FROM "series_hour" s WHERE s."hour" = h)
    ORDER BY h`;
  return rows.map((row) => row.hour);
}

/** Decisions of a window of whole hours by outcome, and how many would be blocked that were not. */
export async function readTotals(
  db: Db | Tx,
  window: { from: Date; to: Date },
): Promise<{ totals: OutcomeCounts; total: number; wouldBlock: number }> {
  const rows = await db.$queryRaw<{ outcome: Outcome; n: number; would_block: number }[]>`
    SELECT "outcome", sum("n")::float8 AS "n",
      coalesce(sum("n") FILTER (WHERE "would_be" = 'block' AND "outcome" <> 'block'), 0)::float8 AS "would_block"
    FROM "series_hour" WHERE "hour" >= ${window.from} AND "hour" < ${window.to}
    GROUP BY 1`;
  const totals = noOutcomes();
  for (const row of rows) totals[row.outcome] += row.n;
  return {
    totals,
    total: sumOutcomes(totals),
    wouldBlock: rows.reduce((sum, row) => sum + row.would_block, 0),
  };
}

function readCells(
  db: Db,
  useCaseId: string | null,
  window: { from: Date; to: Date },
  bucket: "hour" | "day",
  by: "outcome" | "wouldBe",
): Promise<SeriesCell[]> {
  const column = by === "outcome" ? Prisma.sql`"outcome"` : Prisma.sql`"would_be"`;
  const scope = useCaseId === null ? Prisma.empty : Prisma.sql`AND ${inUseCases(useCaseId)}`;
  return db.$queryRaw<SeriesCell[]>`
    SELECT date_trunc(${bucket}, "hour", 'UTC') AS "at", ${column} AS "outcome", sum("n")::float8 AS "n"
    FROM "series_hour" WHERE "hour" >= ${window.from} AND "hour" < ${window.to} ${scope}
    GROUP BY 1, 2`;
}
