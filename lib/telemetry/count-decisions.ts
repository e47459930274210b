import type { Db } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import { filterSql, stretchSql } from "./decision-filter";
import { ceilHour, floorHour } from "./rules";
import type { DecisionFilter } from "./schema";
import { inUseCases, scopeOf } from "./scope";
import type { CountView } from "./views";

/** How many single rows are counted, and how many looked at, before "at least" is said. */
export const COUNT_LIMIT = 10_000;
export const LOOK_LIMIT = 250_000;

const BY_DIMENSION = { workload: "workload", model: "model", tool: "tool", dataClass: "data_class" } as const;
/** What no coarse hour is counted by. */
const ROWS_ONLY = [
  ...(["kind", "session", "control", "exempted"] as const),
  ...(["purpose", "destination", "retrievalSource"] as const),
];
type DimensionFilter = keyof typeof BY_DIMENSION;

/**
 * How many decisions the filter admits. Exact from the coarse hours, with the rows of the two hours at the edges,
 * where the filter asks for what hours are counted by; otherwise rows are counted, newest first, up to `COUNT_LIMIT` of
 * them among `LOOK_LIMIT` looked at.
 */
export async function countDecisions(db: Db, filter: DecisionFilter): Promise<CountView> {
  const dimensions = (Object.keys(BY_DIMENSION) as DimensionFilter[]).filter(
    (key) => filter[key] !== undefined,
  );
  const inHours = ROWS_ONLY.every((name) => filter[name] === undefined) && dimensions.length <= 1;
  const from = ceilHour(await keptSince(db, filter));
  const to = floorHour(filter.to);
  if (!inHours || from >= to) return countSome(db, filter);
  const [head, body, tail] = await Promise.all([
    countAll(db, { ...filter, to: from }),
    countHours(db, filter, dimensions[0], { from, to }),
    countAll(db, { ...filter, from: to }),
  ]);
  return { n: head + body + tail, exact: true };
}

/** The start of the window, or of what retention has left of it: hours outlive the rows that they count. */
async function keptSince(db: Db, filter: DecisionFilter): Promise<Date> {
  const [oldest] = await db.$queryRaw<{ decided_at: Date }[]>`
    SELECT "decided_at" FROM "decision" ORDER BY "decided_at", "id" LIMIT 1`;
  return oldest && oldest.decided_at > filter.from ? oldest.decided_at : filter.from;
}

async function countAll(db: Db, filter: DecisionFilter): Promise<number> {
  if (filter.from >= filter.to) return 0;
  const fits = await filterSql(db, filter);
  if (!fits) return 0;
  const [row] = await db.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS "n" FROM "decision" d WHERE ${stretchSql(filter)} AND ${fits}`;
  return row?.n ?? 0;
}

async function countSome(db: Db, filter: DecisionFilter): Promise<CountView> {
  const fits = await filterSql(db, filter);
  if (!fits) return { n: 0, exact: true };
  const from = await lookedAtSince(db, filter);
  const [row] = await db.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS "n" FROM (
      SELECT FROM "decision" d WHERE ${stretchSql({ from, to: filter.to })} AND ${fits}
      LIMIT ${COUNT_LIMIT + 1}) AS counted`;
  const n = Math.min(row?.n ?? 0, COUNT_LIMIT);
  return { n, exact: from <= filter.from && (row?.n ?? 0) <= COUNT_LIMIT };
}

/** The hour from which on no more than `LOOK_LIMIT` decisions stand, told by the coarse hours; never before `from`. */
async function lookedAtSince(db: Db, filter: DecisionFilter): Promise<Date> {
  const [row] = await db.$queryRaw<{ since: Date | null }[]>`
    SELECT max("hour") + interval '1 hour' AS "since" FROM (
      SELECT "hour", sum(sum("n")) OVER (ORDER BY "hour" DESC) AS "n" FROM "series_hour"
      WHERE ${inUseCases(await scopeOf(db, filter.useCase))}
        AND "hour" >= ${floorHour(filter.from)} AND "hour" < ${filter.to}
      GROUP BY "hour") AS running
    WHERE "n" > ${LOOK_LIMIT}`;
  return row?.since && row.since > filter.from ? row.since : filter.from;
}

async function countHours(
  db: Db,
  filter: DecisionFilter,
  dimension: DimensionFilter | undefined,
  window: { from: Date; to: Date },
): Promise<number> {
  const conditions = [
    inUseCases(await scopeOf(db, filter.useCase)),
    Prisma.sql`"hour" >= ${window.from} AND "hour" < ${window.to}`,
  ];
  if (filter.outcome) conditions.push(Prisma.sql`"outcome" = ${filter.outcome}`);
  if (filter.wouldBe) conditions.push(Prisma.sql`"would_be" = ${filter.wouldBe}`);
  if (dimension)
    conditions.push(Prisma.sql`"dimension" = ${BY_DIMENSION[dimension]} AND "value" = ${filter[dimension]}`);
  const table = dimension ? Prisma.sql`"dimension_hour"` : Prisma.sql`"series_hour"`;
  const [row] = await db.$queryRaw<{ n: number }[]>`
    SELECT coalesce(sum("n"), 0)::float8 AS "n" FROM ${table} WHERE ${Prisma.join(conditions, " AND ")}`;
  return row?.n ?? 0;
}
