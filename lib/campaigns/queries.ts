import { type Ctx, requirePermission, requirePerson } from "@/lib/access/context";
import { cutPage, decodeCursor, whereIdOrRef } from "@/lib/db/keyset";
import type { Prisma } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { listForReview } from "@/lib/exceptions/queries";
import { PERSON_REF } from "@/lib/people/refs";
import type { Page } from "@/lib/schema";
import { type ItemState, itemState, progressOf } from "./rules";
import type { ListCampaignsInput } from "./schema";
import type { CampaignItemView, CampaignSummary, CampaignView } from "./views";

/** What an item's state is told from. */
const ASKED = {
  id: true,
  status: true,
  expiresAt: true,
  endedAt: true,
  reviews: {
    select: { at: true, note: true, reviewedBy: PERSON_REF },
    orderBy: { at: "asc" },
  },
  shortenings: { select: { at: true, reason: true, by: PERSON_REF }, orderBy: { revision: "asc" } },
} as const satisfies Prisma.PolicyExceptionSelect;

const CAMPAIGN = {
  include: { startedBy: PERSON_REF, items: { include: { exception: { select: ASKED } } } },
} as const satisfies Prisma.ExceptionCampaignDefaultArgs;

type CampaignRow = Prisma.ExceptionCampaignGetPayload<typeof CAMPAIGN>;

/** Campaigns, the newest first, with how far each is. */
export async function listCampaigns(ctx: Ctx, input: ListCampaignsInput): Promise<Page<CampaignSummary>> {
  requirePermission(ctx, "use-case:read");
  const before = decodeCursor(input.cursor, "number");
  const rows = await ctx.db.exceptionCampaign.findMany({ orderBy: { ref: "desc" }, ...CAMPAIGN });
  const all = rows
    .map((row) => ({ row, summary: toSummary(row, ctx.now) }))
    .filter(({ summary }) => !input.state || (summary.closedAt === null) === (input.state === "open"));
  const rest = all.filter(({ row }) => before === undefined || row.ref < before);
  const { items, nextCursor } = cutPage(rest.slice(0, input.limit + 1), input.limit, ({ row }) => row.ref);
  return { items: items.map(({ summary }) => summary), total: all.length, nextCursor };
}

/** One campaign by id or reference (`CMP-4`), with each exception that it asks about. */
export async function getCampaign(ctx: Ctx, { id }: { id: string }): Promise<CampaignView> {
  requirePermission(ctx, "use-case:read");
  const viewer = requirePerson(ctx);
  const row = await ctx.db.exceptionCampaign.findUnique({ where: whereIdOrRef(id, "CMP"), ...CAMPAIGN });
  if (!row) throw new SluiceError("not_found", `There is no campaign "${id.slice(0, 60)}".`);
  const lines = await listForReview(
    ctx,
    row.items.map(({ exceptionId }) => exceptionId),
    viewer,
  );
  const asked = new Map(row.items.map(({ exception }) => [exception.id, exception]));
  const items = lines.flatMap(({ summary, ...may }): CampaignItemView[] => {
    const exception = asked.get(summary.id);
    if (!exception) return [];
    const { state, at } = itemState(exception, row.startedAt, ctx.now);
    const { by, note } = answerOf(state, exception, row.startedAt);
    return [
      {
        exception: summary,
        state,
        at: at?.toISOString() ?? null,
        by,
        note,
        ...may,
      },
    ];
  });
  return {
    ...toSummary(row, ctx.now),
    note: row.note,
    filter: row.filter as Record<string, string>,
    items: items.sort((a, b) => Number(a.state !== "open") - Number(b.state !== "open")),
    byOwner: byOwner(items),
  };
}

/** Who kept or shortened it, and what they said. */
function answerOf(
  state: ItemState,
  { reviews, shortenings }: CampaignRow["items"][number]["exception"],
  startedAt: Date,
) {
  const review = reviews.find(({ at }) => at >= startedAt);
  const shortening = shortenings.find(({ at }) => at >= startedAt);
  if (state === "kept" && review) return { by: review.reviewedBy, note: review.note };
  if (state === "shortened" && shortening) return { by: shortening.by, note: shortening.reason };
  return { by: null, note: null };
}

function toSummary(row: CampaignRow, now: Date): CampaignSummary {
  const states = row.items.map(({ exception }) => itemState(exception, row.startedAt, now));
  const { closedAt, ...progress } = progressOf(states, row.dueAt, now);
  return {
    id: row.id,
    ref: `CMP-${row.ref}`,
    title: row.title,
    startedBy: row.startedBy,
    startedAt: row.startedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    ...progress,
    closedAt: closedAt?.toISOString() ?? null,
  };
}

function byOwner(items: readonly CampaignItemView[]): CampaignView["byOwner"] {
  const groups = Map.groupBy(items, ({ exception }) => exception.riskOwner.id);
  return [...groups.values()]
    .flatMap((group) => {
      const first = group[0]?.exception.riskOwner;
      if (!first) return [];
      const done = group.filter(({ state }) => state !== "open").length;
      return [{ owner: { id: first.id, name: first.name }, done, of: group.length }];
    })
    .sort((a, b) => (a.owner.name < b.owner.name ? -1 : 1));
}
