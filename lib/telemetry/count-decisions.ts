import type { Db } from "@/lib/db/prisma";
import { Prisma } from "@/lib/db/prisma";
import { filterSql } from "./decision-filter";
import { DECISION_TABLES } from "./decision-row";
import { ceilHour, floorHour } from "./rules";
import type { DecisionFilter } from "./schema";
import { inUseCases, scopeOf } from "./scope";
import type { CountView } from "./views";

/** How far single rows are counted before "at least" is said. */
export const COUNT_LIMIT = 10_000;

const BY_DIMENSION = { workload: "workload", model: "model", tool: "tool", dataClass: "data_class" } as const;
type DimensionFilter = keyof typeof BY_DIMENSION;

/**
 * How many decisions the filter admits. Exact from the coarse hours, with the rows of the two hours at the edges,
 * where the filter asks for what hours are counted by; otherwise rows are counted, up to `COUNT_LIMIT`.
 */
export async function countDecisions(db: Db, filter: DecisionFilter): Promise<CountView> {
  const dimensions = (Object.keys(BY_DIMENSION) as DimensionFilter[]).filter(
    (key) => filter[key] !== undefined,
  );
  const inHours = !filter.kind && !filter.session && !filter.control && dimensions.length <= 1;
  const from = ceilHour(await keptSince(db, filter));
  const to = floorHour(filter.to);
  if (!inHours || from >= to) return countRows(db, filter, COUNT_LIMIT);
  const [head, body, tail] = await Promise.all([
    countRows(db, { ...filter, to: from }, null),
    countHours(db, filter, dimensions[0], { from, to }),
    countRows(db, { ...filter, from: to }, null),
  ]);
  return { n: head.n + body + tail.n, exact: true };
}

/** The start of the window, or of what retention has left of it: hours outlive the rows that they count. */
async function keptSince(db: Db, filter: DecisionFilter): Promise<Date> {
  const [oldest] = await db.$queryRaw<{ decided_at: Date }[]>`
    SELECT "decided_at" FROM "decision" ORDER BY "decided_at", "id" LIMIT 1`;
  return oldest && oldest.decided_at > filter.from ? oldest.decided_at : filter.from;
}

async function countRows(db: Db, filter: DecisionFilter, limit: number | null): Promise<CountView> {
  if (filter.from >= filter.to) return { n: 0, exact: true };
  const bound = limit === null ? Prisma.empty : Prisma.sql`LIMIT ${limit + 1}`;
  const [row] = await db.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS "n" FROM (
      SELECT FROM ${DECISION_TABLES} WHERE ${await filterSql(db, filter, null)} ${bound}) AS counted`;
  const n = row?.n ?? 0;
  return limit !== null && n > limit ? { n: limit, exact: false } : { n, exact: true };
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
