import { type Ctx, requirePermission } from "@/lib/access/context";
import { epochsOf } from "@/lib/policy/exception-epochs";
import { chainSince } from "./rules";
import { AGES, type Living, sprawlOf } from "./sprawl";
import { TERMS, toTerms } from "./terms";
import type { SprawlView } from "./views";

const DAY_MS = 86_400_000;

/** How many exceptions were in force on each of the last days, by age and by tier. */
export async function getSprawl(ctx: Ctx, { days }: { days: number }): Promise<SprawlView> {
  requirePermission(ctx, "use-case:read");
  const first = new Date(ctx.now.getTime() - days * DAY_MS);
  const rows = await ctx.db.policyException.findMany({
    where: { status: { in: ["approved", "revoked", "retired"] }, expiresAt: { gt: first } },
    select: {
      ...TERMS.select,
      useCase: { select: { slug: true, tier: true } },
      reviews: { select: { dueAt: true, at: true, nextReviewAt: true } },
      root: { select: { startsAt: true, decidedAt: true } },
    },
  });
  const living = rows.flatMap((row): Living[] => {
    const terms = toTerms(row);
    if (!terms) return [];
    return [
      { epochs: epochsOf(terms, row.reviews), since: chainSince(row.root ?? row), tier: row.useCase.tier },
    ];
  });
  return { points: sprawlOf(living, days, ctx.now), ages: AGES.map(({ label }) => label) };
}
