import { type Ctx, requirePermission } from "@/lib/access/context";
import { getPreview } from "./measure-spared";
import { getExceptionRow } from "./row";
import { stateOf } from "./terms";
import { NOT_USED, readUse, readUseByDay } from "./use";
import type { UsageView } from "./views";

const DAY_MS = 86_400_000;
const USAGE_DAYS = 30;

/** How often an exception spared a decision on each of the last 30 UTC days, and what would happen if it lapsed now. */
export async function getUsage(ctx: Ctx, { id }: { id: string }): Promise<UsageView> {
  requirePermission(ctx, "telemetry:read");
  const row = await getExceptionRow(ctx.db, id);
  const today = Math.floor(ctx.now.getTime() / DAY_MS) * DAY_MS;
  const [from, to] = [new Date(today - (USAGE_DAYS - 1) * DAY_MS), new Date(today + DAY_MS)];
  const [byDay, use, forecast] = await Promise.all([
    readUseByDay(ctx.db, row, { from, to }),
    readUse(ctx.db, [row]),
    stateOf(row, ctx.now) === "in_force" ? getPreview(ctx, { id: row.id }) : null,
  ]);
  const days = Array.from({ length: USAGE_DAYS }, (_, index) => {
    const day = new Date(from.getTime() + index * DAY_MS).toISOString().slice(0, 10);
    return { day, n: byDay.get(day) ?? 0 };
  });
  const { n, lastUsedAt } = use.get(row.id) ?? NOT_USED;
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    days,
    total: days.reduce((sum, day) => sum + day.n, 0),
    used: n,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    forecast,
  };
}
