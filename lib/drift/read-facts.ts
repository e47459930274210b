import type { Db, Tx } from "@/lib/db/prisma";
import type { Facts } from "@/lib/policy/facts";

/** Facts that were met, with the instant at which they were first told. */
export interface FactRow {
  useCaseId: string;
  /** Hex. */
  digest: string;
  facts: Facts;
  first: Date;
}

/** How many facts a process remembers before it forgets all and starts again. */
const REMEMBERED = 100_000;
const remembered = new Map<string, FactRow>();

/** Names facts by what they are: digests hold the use case's slug, ids are random. */
export function factKey({ useCaseId, digest }: Pick<FactRow, "useCaseId" | "digest">): string {
  return `${useCaseId} ${digest}`;
}

/**
 * The distinct facts of these use cases, by use case. Facts never change, so that each is fetched once and remembered;
 * which of them there are is asked anew each time.
 */
export async function readFacts(db: Db | Tx, useCaseIds: readonly string[]): Promise<Map<string, FactRow[]>> {
  // One row for each use case: thousands of small rows take longer to unpack than to find.
  const lists = await db.$queryRaw<{ useCaseId: string; digests: string }[]>`
    SELECT "use_case_id"::text AS "useCaseId", string_agg(encode("digest", 'hex'), ' ') AS "digests" FROM "fact"
    WHERE "use_case_id" = ANY(${useCaseIds}::uuid[]) GROUP BY 1`;
  const there = lists.flatMap(({ useCaseId, digests }) =>
    digests.split(" ").map((digest) => ({ useCaseId, digest })),
  );
  const missing = there.filter((one) => !remembered.has(factKey(one)));
  const fetched = new Map((await fetchFacts(db, missing)).map((row) => [factKey(row), row]));
  const rows = there.flatMap((one) => remembered.get(factKey(one)) ?? fetched.get(factKey(one)) ?? []);
  if (remembered.size + fetched.size > REMEMBERED) remembered.clear();
  for (const [key, row] of fetched) remembered.set(key, row);
  return Map.groupBy(rows, ({ useCaseId }) => useCaseId);
}

async function fetchFacts(
  db: Db | Tx,
  wanted: readonly Pick<FactRow, "useCaseId" | "digest">[],
): Promise<FactRow[]> {
  if (wanted.length === 0) return [];
  return db.$queryRaw<FactRow[]>`
    SELECT f."use_case_id"::text AS "useCaseId", d.f AS "digest", f."facts", f."first_seen_at" AS "first"
    FROM unnest(${wanted.map(({ useCaseId }) => useCaseId)}::uuid[], ${wanted.map(({ digest }) => digest)}::text[]) AS d(u, f)
    JOIN "fact" f ON f."use_case_id" = d.u AND f."digest" = decode(d.f, 'hex')`;
}
