import { type Ctx, requirePermission } from "@/lib/access/context";
import { refOf } from "./row";
import { stateOf } from "./terms";
import type { CalendarEvent } from "./views";

/** What begins, is due for review, or ends in a window [from, to), in the order of time: of what is approved and not over. */
export async function getCalendar(
  ctx: Ctx,
  { from, to }: { from: string; to: string },
): Promise<CalendarEvent[]> {
  requirePermission(ctx, "use-case:read");
  const within = { gte: new Date(from), lt: new Date(to) };
  const rows = await ctx.db.policyException.findMany({
    where: {
      status: "approved",
      OR: [{ startsAt: within }, { reviewAt: within }, { expiresAt: within }],
    },
    include: { useCase: { select: { name: true } }, riskOwner: { select: { name: true } } },
    orderBy: { ref: "asc" },
  });
  return rows
    .flatMap((row): CalendarEvent[] => {
      const isReviewed = row.reviewedAt !== null && row.reviewedAt >= row.reviewAt;
      const moments: [CalendarEvent["kind"], Date][] = [
        ["starts", row.startsAt],
        ...(isReviewed || row.reviewAt >= row.expiresAt
          ? []
          : [["review", row.reviewAt] satisfies [CalendarEvent["kind"], Date]]),
        ["expires", row.expiresAt],
      ];
      return moments
        .filter(([, at]) => at >= within.gte && at < within.lt)
        .map(([kind, at]) => ({
          at: at.toISOString(),
          kind,
          ref: refOf(row),
          useCase: row.useCase.name,
          riskOwner: row.riskOwner.name,
          state: stateOf(row, ctx.now),
        }));
    })
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
}
