import { type Ctx, requirePermission } from "@/lib/access/context";
import { type Db, Prisma } from "@/lib/db/prisma";
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
  const counts = await readCounts(ctx.db, useCaseId, window);
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

/** Decisions in each place of the latency counts. */
async function readCounts(
  db: Db,
  useCaseId: string | null,
  window: { from: Date; to: Date },
): Promise<number[]> {
  const places = Array.from(
    { length: LATENCY_BOUNDS_US.length + 1 },
    (_, index) => Prisma.sql`coalesce(sum("latency"[${Prisma.raw(String(index + 1))}]), 0)::float8`,
  );
  const [row] = await db.$queryRaw<{ counts: number[] }[]>`
    SELECT ARRAY[${Prisma.join(places)}] AS "counts" FROM "series_hour"
    WHERE "hour" >= ${window.from} AND "hour" < ${window.to} AND ${inUseCases(useCaseId)}`;
  return row?.counts ?? [];
}
