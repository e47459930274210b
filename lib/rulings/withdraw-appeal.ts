import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { closeAppeal, getAppealRow } from "./appeal-row";
import { findingDetail } from "./finding";
import { requireAllowed, whyNotMove } from "./may";
import { getAppeal } from "./queries";
import { appealRef } from "./rules";
import type { AppealView } from "./views";

/** Takes an appeal back, by the person who made it. Throws `conflict` when it is closed. */
export async function withdrawAppeal(ctx: Ctx, { id }: { id: string }): Promise<AppealView> {
  const appealId = await inTransaction(ctx, async (tx) => {
    const row = await getAppealRow(tx, id);
    const viewer = requireAllowed(ctx, (person) => whyNotMove(person, row, "withdraw"));
    await closeAppeal(tx, row, "withdraw", { closedById: viewer.id, answer: null, now: ctx.now });
    await recordEntry(tx, ctx, {
      action: "appeal.withdrawn",
      subject: { kind: "appeal", id: row.id, ref: appealRef(row) },
      useCase: row.useCase.slug,
      detail: findingDetail(row),
    });
    return row.id;
  });
  return getAppeal(ctx, { id: appealId });
}
