import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getActivePeople } from "@/lib/people/refs";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange } from "./row";
import type { AskReviewersInput } from "./schema";
import type { ChangeView } from "./views";

/**
 * Asks people by name to look at a change. It gives them no power; who has a seat is another question. Throws `invalid`
 * naming `personIds` for who may not read it: without a role, or not active.
 */
export async function askReviewers(
  ctx: Ctx,
  { id, personIds }: AskReviewersInput & { id: string },
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now);
    const { row } = before;
    const person = requireMay(ctx, "ask_reviewers", before);
    await getActivePeople(tx, personIds, "personIds", "any");
    const asked = new Set(row.reviewers.map(({ personId }) => personId));
    const added = personIds.filter((personId) => !asked.has(personId));
    if (added.length === 0) return;
    await tx.changeReviewer.createMany({
      data: added.map((personId) => ({ changeId: row.id, personId, askedById: person.id, at: ctx.now })),
    });
    await recordEntry(tx, ctx, entryOf(row, "change.reviewers_requested", { detail: { people: added } }));
  });
  return getChange(ctx, { id });
}
