import type { Db } from "@/lib/db/prisma";

/**
 * How long an Idempotency-Key is kept (milliseconds): it answers for 24 hours, and is refused as too old for as long
 * again, so that a clock that is off or a spool that comes in late frees none before its time.
 */
export const KEYS_KEPT_MS = 2 * 86_400_000;

/** Rows in one statement: none holds its locks for long. */
const BATCH = 5_000;

/** Forgets keys that are too old to be answered for. Returns how many. */
export async function forgetKeys(db: Db, now: Date, batch = BATCH): Promise<number> {
  const before = new Date(now.getTime() - KEYS_KEPT_MS);
  for (let all = 0; ; ) {
    const n = await db.$executeRaw`
      DELETE FROM decision_key WHERE (use_case_id, workload_id, key) IN (
        SELECT use_case_id, workload_id, key FROM decision_key WHERE at < ${before} ORDER BY at LIMIT ${batch})`;
    all += n;
    if (n < batch) return all;
  }
}
