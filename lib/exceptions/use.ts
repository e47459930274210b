import { type Db, Prisma, type Tx } from "@/lib/db/prisma";

/** How often an exception spared a decision, ever, and in which hour last. */
export interface Use {
  n: number;
  lastUsedAt: Date | null;
}

export const NOT_USED: Use = { n: 0, lastUsedAt: null };

/** The use of each of these exceptions, by id; one that was never used is not there. */
export async function readUse(
  db: Db | Tx,
  rows: readonly { id: string; useCaseId: string }[],
): Promise<Map<string, Use>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const useCaseIds = [...new Set(rows.map(({ useCaseId }) => useCaseId))];
  const counts = await db.$queryRaw<{ exception: string; n: number; last: Date }[]>(Prisma.sql`
    SELECT "exception"::text AS "exception", sum("n")::float8 AS "n", max("hour") AS "last" FROM "exception_hour"
    WHERE "use_case_id" = ANY(${useCaseIds}::uuid[]) AND "exception" = ANY(${ids}::uuid[])
    GROUP BY 1`);
  return new Map(counts.map(({ exception, n, last }) => [exception, { n, lastUsedAt: last }]));
}

/** How often it spared on each UTC day of a window of whole days. */
export async function readUseByDay(
  db: Db | Tx,
  { id, useCaseId }: { id: string; useCaseId: string },
  { from, to }: { from: Date; to: Date },
): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ day: Date; n: number }[]>`
    SELECT date_bin('1 day', "hour", timestamptz '1970-01-01 00:00:00Z') AS "day", sum("n")::float8 AS "n"
    FROM "exception_hour"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "exception" = ${id}::uuid AND "hour" >= ${from} AND "hour" < ${to}
    GROUP BY 1`;
  return new Map(rows.map(({ day, n }) => [day.toISOString().slice(0, 10), n]));
}
