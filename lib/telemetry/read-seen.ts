import type { Db } from "@/lib/db/prisma";
import type { SeenFacts } from "./observe";

/** The distinct facts of a use case in a window of whole hours, each with how often it was met; from the hours by fact. */
export function readSeen(db: Db, useCaseId: string, window: { from: Date; to: Date }): Promise<SeenFacts[]> {
  return db.$queryRaw<SeenFacts[]>`
    SELECT f."facts", h."n", h."first", h."last" FROM (
      SELECT "fact", sum("n")::float8 AS "n", min("hour") AS "first", max("hour") AS "last"
      FROM "decision_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${window.from} AND "hour" < ${window.to}
      GROUP BY 1) AS h
    JOIN "fact" f ON f."use_case_id" = ${useCaseId}::uuid AND f."digest" = h."fact"`;
}

/** The distinct facts that were met most often, at most `limit`, with how many decisions and distinct facts there are. */
export async function readMostSeen(
  db: Db,
  useCaseId: string,
  window: { from: Date; to: Date },
  limit: number,
): Promise<{ seen: Pick<SeenFacts, "facts" | "n">[]; decisions: number; facts: number }> {
  const rows = await db.$queryRaw<{ facts: SeenFacts["facts"]; n: number; of_n: number; of: number }[]>`
    SELECT f."facts", h."n", h."of_n", h."of" FROM (
      SELECT "fact", sum("n")::float8 AS "n", (sum(sum("n")) OVER ())::float8 AS "of_n",
        (count(*) OVER ())::float8 AS "of"
      FROM "decision_hour"
      WHERE "use_case_id" = ${useCaseId}::uuid AND "hour" >= ${window.from} AND "hour" < ${window.to}
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${limit}) AS h
    JOIN "fact" f ON f."use_case_id" = ${useCaseId}::uuid AND f."digest" = h."fact"
    ORDER BY h."n" DESC, h."fact"`;
  return {
    seen: rows.map(({ facts, n }) => ({ facts, n })),
    decisions: rows[0]?.of_n ?? 0,
    facts: rows[0]?.of ?? 0,
  };
}
