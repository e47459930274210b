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
