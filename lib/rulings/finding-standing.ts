import type { Db, Tx } from "@/lib/db/prisma";
import type { Answer } from "./lifecycle";

/** What a finding is ruled as things stand: the latest ruling counts, all of them stay. */
export interface Standing {
  control: string;
  /** Empty for controls that know no levels. */
  level: string;
  answer: Answer;
  /** Was it ever ruled from the queue? */
  isSampled: boolean;
  /** Of the latest. */
  ruledById: string;
}

/**
 * Every ruled finding of a use case in a window, by `<decision> <control>`. As if the people of `exceptBy` had never
 * ruled: what somebody else said before them stands again.
 */
export async function readStanding(
  db: Db | Tx,
  useCaseId: string,
  { from, to }: { from: Date; to: Date },
  exceptBy: readonly string[] = [],
): Promise<Map<string, Standing>> {
  const rows = await db.$queryRaw<(Standing & { decisionId: string })[]>`
    SELECT DISTINCT ON ("decision_id", "control") "decision_id"::text AS "decisionId", "control",
      coalesce("level", '') AS "level", "answer"::text AS "answer",
      bool_or("basis" = 'sampled') OVER (PARTITION BY "decision_id", "control") AS "isSampled",
      "ruled_by_id"::text AS "ruledById"
    FROM "ruling"
    WHERE "use_case_id" = ${useCaseId}::uuid AND "decided_at" >= ${from} AND "decided_at" < ${to}
      AND "ruled_by_id" <> ALL (${[...exceptBy]}::uuid[])
    ORDER BY "decision_id", "control", "number" DESC`;
  return new Map(rows.map(({ decisionId, ...standing }) => [`${decisionId} ${standing.control}`, standing]));
}
