import { type Ctx, requirePermission } from "@/lib/access/context";
import { DAY_MS, wholeHours } from "./rules";
import type { UseCaseSummary } from "./views";

/**
 * Decisions of the last 7 days of every use case that had any, by id of the use case: how many, and which part
 * would have been blocked but was not. From the coarse hours.
 */
export async function getUseCaseSummaries(ctx: Ctx): Promise<Map<string, UseCaseSummary>> {
  requirePermission(ctx, "telemetry:read");
  const window = wholeHours(new Date(ctx.now.getTime() - 7 * DAY_MS), ctx.now, ctx.now);
  const rows = await ctx.db.$queryRaw<
    { use_case_id: string; decisions: number; would_block: number; last_hour: Date }[]
  >`
    SELECT "use_case_id"::text, sum("n")::float8 AS "decisions", max("hour") AS "last_hour",
      coalesce(sum("n") FILTER (WHERE "would_be" = 'block' AND "outcome" <> 'block'), 0)::float8 AS "would_block"
    FROM "series_hour" WHERE "hour" >= ${window.from} AND "hour" < ${window.to} GROUP BY 1`;
  return new Map(
    rows.map((row) => [
      row.use_case_id,
      {
        useCaseId: row.use_case_id,
        decisions: row.decisions,
        wouldBlock: row.would_block,
        wouldBlockRate: row.decisions > 0 ? row.would_block / row.decisions : null,
        lastDecisionHour: row.last_hour.toISOString(),
      },
    ]),
  );
}
