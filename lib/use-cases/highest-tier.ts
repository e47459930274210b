import type { Db, Tx } from "@/lib/db/prisma";
import { TIERS, type Tier } from "@/lib/policy/vocabulary";

/** So long a tier that was lowered goes on asking for its seats: nobody lowers it for one change and raises it again. */
export const TIER_LINGERS_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * The highest tier that a use case had at any time from seven days before an instant up to `until` (null: now), by the
 * audit log. What was never written there counts as the tier that it has.
 */
export async function highestTier(
  db: Db | Tx,
  { id, tier }: { id: string; tier: Tier },
  { before, until }: { before: Date; until: Date | null },
): Promise<Tier> {
  const since = new Date(before.getTime() - TIER_LINGERS_DAYS * DAY_MS);
  const said = await db.$queryRaw<{ at: Date; tier: Tier }[]>`
    SELECT "at", "detail"->>'tier' AS "tier" FROM "audit_entry"
    WHERE "subject_kind" = 'use_case' AND "subject_id" = ${id} AND "detail" ? 'tier'
      AND "action" IN ('use_case.created', 'use_case.updated')
    ORDER BY "number" DESC`;
  const had = until === null ? [tier] : [];
  for (const one of said) {
    if (until === null || one.at <= until) had.push(one.tier);
    if (one.at < since) break;
  }
  const rank = Math.max(...(had.length > 0 ? had : [tier]).map((one) => TIERS.indexOf(one)));
  return TIERS[rank] ?? tier;
}
