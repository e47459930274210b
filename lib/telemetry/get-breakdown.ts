import { type Ctx, requirePermission } from "@/lib/access/context";
import { type Db, Prisma, type Tx } from "@/lib/db/prisma";
import { wholeHours } from "./rules";
import type { BreakdownInput } from "./schema";
import { inUseCases, scopeOf } from "./scope";
import type { BreakdownRow, BreakdownView } from "./views";

interface PartRow {
  key: string;
  part: string;
  n: number;
}

/**
 * Decisions by a dimension of the request and their outcome, or findings by control and effect: the largest
 * `limit` values with the number of all, from the coarse hours. The window is widened to whole hours.
 */
export async function getBreakdown(ctx: Ctx, input: BreakdownInput): Promise<BreakdownView> {
  requirePermission(ctx, "telemetry:read");
  const useCaseId = await scopeOf(ctx.db, input.useCase);
  const window = wholeHours(input.from, input.to, ctx.now);
  const isControl = input.dimension === "control";
  const by = input.by ?? "outcome";
  const parts = isControl
    ? await readControls(ctx.db, useCaseId, window)
    : await readDimension(ctx.db, useCaseId, window, input.dimension, by);
  return {
    dimension: input.dimension,
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    useCase: input.useCase ?? null,
    partsBy: isControl ? "effect" : by,
    ...topRows(parts, input.limit ?? 10),
  };
}

/** Findings by control and effect in a window of whole hours; of the given effects only, when given. */
export function readControls(
  db: Db | Tx,
  useCaseId: string | null,
  window: { from: Date; to: Date },
  effects?: readonly string[],
): Promise<PartRow[]> {
  const only = effects ? Prisma.sql`AND "effect" = ANY(${[...effects]}::text[])` : Prisma.empty;
  return db.$queryRaw<PartRow[]>`
    SELECT "control" AS "key", "effect" AS "part", sum("n")::float8 AS "n" FROM "control_hour"
    WHERE "hour" >= ${window.from} AND "hour" < ${window.to} AND ${inUseCases(useCaseId)} ${only}
    GROUP BY 1, 2`;
}

function readDimension(
  db: Db,
  useCaseId: string | null,
  window: { from: Date; to: Date },
  dimension: string,
  by: "outcome" | "wouldBe",
): Promise<PartRow[]> {
  const column = by === "outcome" ? Prisma.sql`"outcome"` : Prisma.sql`"would_be"`;
  return db.$queryRaw<PartRow[]>`
    SELECT "value" AS "key", ${column} AS "part", sum("n")::float8 AS "n" FROM "dimension_hour"
    WHERE ${inUseCases(useCaseId)} AND "hour" >= ${window.from} AND "hour" < ${window.to}
      AND "dimension" = ${dimension}
    GROUP BY 1, 2`;
}

/** The largest rows first (equal ones by key), and what all of them add up to. */
export function topRows(
  parts: readonly PartRow[],
  limit: number,
): { rows: BreakdownRow[]; of: number; total: number } {
  const rows = new Map<string, BreakdownRow>();
  for (const { key, part, n } of parts) {
    const row = rows.get(key) ?? { key, total: 0, parts: {} };
    row.total += n;
    row.parts[part] = (row.parts[part] ?? 0) + n;
    rows.set(key, row);
  }
  const all = [...rows.values()].sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1));
  return { rows: all.slice(0, limit), of: all.length, total: all.reduce((sum, row) => sum + row.total, 0) };
}
