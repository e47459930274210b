import type { Db } from "@/lib/db/prisma";
import { bucketSql } from "./get-series";
import { noOutcomes, type SeriesCell, sumOutcomes } from "./rules";
import type { OutcomeCounts } from "./views";

export interface Totals {
  totals: OutcomeCounts;
  total: number;
  /** Would be blocked, and was not. */
  wouldBlock: number;
}

interface Row extends SeriesCell {
  is_now: boolean;
  would_block: number;
}

/** Decisions of a window of whole hours by bucket and outcome, and the totals of it and of the window before it. */
export async function readOutcomes(
  db: Db,
  before: { from: Date },
  window: { from: Date; to: Date },
  bucket: "hour" | "day",
): Promise<{ cells: SeriesCell[]; now: Totals; previous: Totals }> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT "hour" >= ${window.from} AS "is_now", ${bucketSql(bucket)} AS "at", "outcome", sum("n")::float8 AS "n",
      coalesce(sum("n") FILTER (WHERE "would_be" = 'block' AND "outcome" <> 'block'), 0)::float8 AS "would_block"
    FROM "series_hour" WHERE "hour" >= ${before.from} AND "hour" < ${window.to}
    GROUP BY 1, 2, 3`;
  const cells = rows.filter((row) => row.is_now);
  return { cells, now: totalsOf(cells), previous: totalsOf(rows.filter((row) => !row.is_now)) };
}

function totalsOf(rows: readonly Row[]): Totals {
  const totals = noOutcomes();
  for (const { outcome, n } of rows) totals[outcome] += n;
  return {
    totals,
    total: sumOutcomes(totals),
    wouldBlock: rows.reduce((sum, { would_block }) => sum + would_block, 0),
  };
}
