import { type Ctx, requirePermission } from "@/lib/access/context";
import { wholeHours } from "./rules";
import type { ControlFindings } from "./views";

/** What one control did in each use case, by effect, from the coarse hours. The window is widened to whole hours. */
export async function getControlFindings(
  ctx: Ctx,
  input: { control: string; from: Date; to: Date },
): Promise<ControlFindings[]> {
  requirePermission(ctx, "telemetry:read");
  const window = wholeHours(input.from, input.to, ctx.now);
  const rows = await ctx.db.$queryRaw<{ use_case_id: string; effect: string; n: number }[]>`
    SELECT "use_case_id"::text, "effect", sum("n")::float8 AS "n" FROM "control_hour"
    WHERE "control" = ${input.control} AND "hour" >= ${window.from} AND "hour" < ${window.to}
    GROUP BY 1, 2`;
  const byUseCase = new Map<string, ControlFindings>();
  for (const { use_case_id, effect, n } of rows) {
    const known = byUseCase.get(use_case_id) ?? { useCaseId: use_case_id, effects: {} };
    known.effects[effect] = n;
    byUseCase.set(use_case_id, known);
  }
  return [...byUseCase.values()];
}
