import { type Ctx, requirePermission, requireSignedIn } from "@/lib/access/context";
import { SluiceError } from "@/lib/errors";
import { countNotices } from "./queries";
import type { NoticeCounts } from "./views";

/** Marks one of the reader's own notices as read; `not_found` for any other. Again changes nothing. */
export async function markRead(ctx: Ctx, { id }: { id: string }): Promise<NoticeCounts> {
  const { id: personId } = requirePermission(ctx, "use-case:read");
  requireSignedIn(ctx);
  const mine = await ctx.db.notification.findFirst({ where: { id, personId }, select: { readAt: true } });
  if (!mine) throw new SluiceError("not_found", "There is no such notice.");
  await ctx.db.notification.updateMany({ where: { id, personId, readAt: null }, data: { readAt: ctx.now } });
  return countNotices(ctx);
}

/** Marks every notice of the reader as read that was made up to now. */
export async function markAllRead(ctx: Ctx): Promise<NoticeCounts> {
  const { id: personId } = requirePermission(ctx, "use-case:read");
  requireSignedIn(ctx);
  await ctx.db.notification.updateMany({
    where: { personId, readAt: null, createdAt: { lte: ctx.now } },
    data: { readAt: ctx.now },
  });
  return countNotices(ctx);
}
