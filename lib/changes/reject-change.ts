import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { rejectionSeat, requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange, moveTo, refOf } from "./row";
import type { RejectChangeInput } from "./schema";
import type { ChangeView } from "./views";

/** Refuses a change in review, with the reason that the requester reads. One refusal closes it. */
export async function rejectChange(
  ctx: Ctx,
  { id, note }: RejectChangeInput & { id: string },
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id);
    const { row } = before;
    const person = requireMay(ctx, "reject", before);
    const { proposalDigest, evidenceDigest } = row;
    await tx.changeApproval.create({
      data: {
        ...rejectionSeat(person, before),
        id: uuidv7(),
        changeId: row.id,
        personId: person.id,
        verdict: "reject",
        note,
        proposalDigest,
        evidenceDigest: evidenceDigest ?? "",
        at: ctx.now,
      },
    });
    await moveTo(tx, row, "reject", { closedAt: ctx.now });
    await recordEntry(tx, ctx, {
      action: "change.rejected",
      subject: { kind: "change", id: row.id, ref: refOf(row) },
      useCase: row.useCase.slug,
      reason: note,
      detail: { proposalDigest, evidenceDigest },
    });
  });
  return getChange(ctx, { id });
}
