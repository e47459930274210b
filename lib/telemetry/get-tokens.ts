import { type Ctx, requirePermission } from "@/lib/access/context";
import { wholeHours } from "./rules";
import type { WindowInput } from "./schema";
import { inUseCases, scopeOf } from "./scope";
import type { TokensView } from "./views";

/** Models that are named; the totals hold all of them. */
const MODELS = 100;

/** Tokens that calls of models used, as OpenTelemetry told: decisions of gateways carry none. */
export async function getTokens(ctx: Ctx, input: WindowInput): Promise<TokensView> {
  requirePermission(ctx, "telemetry:read");
  const useCaseId = await scopeOf(ctx.db, input.useCase);
  const { from, to } = wholeHours(input.from, input.to, ctx.now);
  const rows = await ctx.db.$queryRaw<{ model: string; input: number; output: number }[]>`
    SELECT "model", coalesce(sum("n") FILTER (WHERE "direction" = 'input'), 0)::float8 AS "input",
      coalesce(sum("n") FILTER (WHERE "direction" = 'output'), 0)::float8 AS "output"
    FROM "token_hour" WHERE "hour" >= ${from} AND "hour" < ${to} AND ${inUseCases(useCaseId)}
    GROUP BY "model" ORDER BY sum("n") DESC, "model"`;
  const total = (pick: (row: { input: number; output: number }) => number) =>
    rows.reduce((sum, row) => sum + pick(row), 0);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    useCase: input.useCase ?? null,
    input: total((row) => row.input),
    output: total((row) => row.output),
    models: rows
      .slice(0, MODELS)
      .map(({ model, ...counts }) => ({ model: model === "" ? null : model, ...counts })),
    of: rows.length,
  };
}
