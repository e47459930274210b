import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { loadChange } from "./row";
import type { CommentChangeInput } from "./schema";
import type { ChangeView } from "./views";

/** Says something about a change, for good: comments are neither edited nor deleted. */
export async function commentChange(
  ctx: Ctx,
  { id, text }: CommentChangeInput & { id: string },
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await loadChange(tx, id, ctx.now);
    const { row } = before;
    const person = requireMay(ctx, "comment", before);
    const comment = uuidv7();
    await tx.changeComment.create({
      data: { id: comment, changeId: row.id, personId: person.id, text, at: ctx.now },
    });
    await recordEntry(tx, ctx, entryOf(row, "change.commented", { detail: { comment } }));
  });
  return getChange(ctx, { id });
}
