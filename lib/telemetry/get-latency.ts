import { type Ctx, requirePermission } from "@/lib/access/context";
import { Prisma } from "@/lib/db/prisma";
import { LATENCY_BOUNDS_US } from "./latency";
import { percentileFromBuckets, wholeHours } from "./rules";
import type { WindowInput } from "./schema";
import { inUseCases, scopeOf } from "./scope";
import type { LatencyView } from "./views";

/** How long evaluation took, from the latency counts of the coarse hours. Percentiles are upper bounds. */
export async function getLatency(ctx: Ctx, input: WindowInput): Promise<LatencyView> {
  requirePermission(ctx, "telemetry:read");
  const useCaseId = await scopeOf(ctx.db, input.useCase);
  const window = wholeHours(input.from, input.to, ctx.now);
  const scope = useCaseId === null ? Prisma.empty : Prisma.sql`AND ${inUseCases(useCaseId)}`;
  const rows = await ctx.db.$queryRaw<{ place: number; n: number }[]>`
    SELECT l."place"::int AS "place", sum(l."n")::float8 AS "n"
    FROM "series_hour", unnest("latency") WITH ORDINALITY AS l("n", "place")
    WHERE "hour" >= ${window.from} AND "hour" < ${window.to} ${scope}
    GROUP BY 1`;
  const counts = new Array<number>(LATENCY_BOUNDS_US.length + 1).fill(0);
  for (const { place, n } of rows) counts[Math.min(place, counts.length) - 1] = n;
  const at = (p: number) => percentileFromBuckets(counts, LATENCY_BOUNDS_US, p);
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    useCase: input.useCase ?? null,
    n: counts.reduce((sum, n) => sum + n, 0),
    p50Us: at(0.5),
    p95Us: at(0.95),
    p99Us: at(0.99),
    buckets: counts.map((n, index) => ({ upToUs: LATENCY_BOUNDS_US[index] ?? null, n })),
  };
}
