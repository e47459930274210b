import { type Ctx, requirePermission } from "@/lib/access/context";
import { type Db, Prisma, type Tx } from "@/lib/db/prisma";
import { foldSeries, HOUR_MS, noOutcomes, type SeriesCell, sumOutcomes, wholeHours } from "./rules";
import type { SeriesInput } from "./schema";
import { inUseCases, scopeOf } from "./scope";
import type { SeriesView } from "./views";

/**
 * Decisions over time by outcome (or by what the outcome would be were the stage enforcing), in UTC hours or days,
 * from the coarse hours. The window is widened to whole hours and ends with the present one.
 */
export async function getSeries(ctx: Ctx, input: SeriesInput): Promise<SeriesView> {
  requirePermission(ctx, "telemetry:read");
  const useCaseId = await scopeOf(ctx.db, input.useCase);
  const window = wholeHours(input.from, input.to, ctx.now);
  const { bucket, by = "outcome", useCase = null } = input;
  const [cells, gaps] = await Promise.all([
    readCells(ctx.db, useCaseId, window, bucket, by),
    listGapHours(ctx.db, window),
  ]);
  return toSeriesView({ window, bucket, by, useCase }, cells, gaps);
}

interface Asked {
  window: { from: Date; to: Date };
  bucket: "hour" | "day";
  by: "outcome" | "wouldBe";
  useCase: string | null;
}

/** The view of a series from its cells and the hours without telemetry. */
export function toSeriesView(
  { window, bucket, by, useCase }: Asked,
  cells: readonly SeriesCell[],
  gaps: readonly Date[],
): SeriesView {
  const totals = noOutcomes();
  for (const cell of cells) totals[cell.outcome] += cell.n;
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    bucket,
    by,
    useCase,
    buckets: foldSeries(window, bucket, cells, gaps).map((folded) => ({
      ...folded,
      at: folded.at.toISOString(),
    })),
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

/** The start of the bucket that an hour falls into; days are UTC days. */
export function bucketSql(bucket: "hour" | "day"): Prisma.Sql {
  return bucket === "hour"
    ? Prisma.sql`"hour"`
    : Prisma.sql`date_bin('1 day', "hour", timestamptz '1970-01-01 00:00:00Z')`;
}

function readCells(
  db: Db,
  useCaseId: string | null,
  window: { from: Date; to: Date },
  bucket: "hour" | "day",
  by: "outcome" | "wouldBe",
): Promise<SeriesCell[]> {
  const column = by === "outcome" ? Prisma.sql`"outcome"` : Prisma.sql`"would_be"`;
  return db.$queryRaw<SeriesCell[]>`
    SELECT ${bucketSql(bucket)} AS "at", ${column} AS "outcome", sum("n")::float8 AS "n"
    FROM "series_hour" WHERE "hour" >= ${window.from} AND "hour" < ${window.to} AND ${inUseCases(useCaseId)}
    GROUP BY 1, 2`;
}
