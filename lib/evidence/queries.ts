import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage, decodeCursor } from "@/lib/db/keyset";
import type { Db } from "@/lib/db/prisma";
import type { Page } from "@/lib/schema";
import { getPackRow, PACK, toView } from "./row";
import type { ListPacksInput } from "./schema";
import type { PackView } from "./views";

/** Packs, newest first, a page at a time. */
export async function listPacks(ctx: Ctx, input: ListPacksInput): Promise<Page<PackView>> {
  requirePermission(ctx, "evidence:export");
  const before = decodeCursor(input.cursor, "number");
  const [rows, total] = await Promise.all([
    ctx.db.evidencePack.findMany({
      where: before === undefined ? {} : { ref: { lt: before } },
      orderBy: { ref: "desc" },
      take: input.limit + 1,
      ...PACK,
    }),
    ctx.db.evidencePack.count(),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, (row) => row.ref);
  return { items: items.map(toView), total, nextCursor };
}

/** One pack by id or reference; `not_found` when there is none. */
export async function getPack(ctx: Ctx, { id }: { id: string }): Promise<PackView> {
  requirePermission(ctx, "evidence:export");
  return toView(await getPackRow(ctx.db, id));
}

/** Packs that wait to be built, or whose worker may have been killed; longest waiting first. For the job. */
export async function listUnfinishedPacks(db: Db): Promise<{ id: string }[]> {
  return db.evidencePack.findMany({
    where: { status: { in: ["pending", "building"] } },
    orderBy: { ref: "asc" },
    select: { id: true },
  });
}
