import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryOf } from "./entry";
import { rejectionSeat, requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange, moveTo } from "./row";
import type { RejectChangeInput, Seen } from "./schema";
import type { ChangeView } from "./views";

/** Refuses a change that is not applied yet, with the reason that the requester reads. One refusal closes it. */
export async function rejectChange(
  ctx: Ctx,
  { id, note, seen }: RejectChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
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
    const detail = { proposalDigest, evidenceDigest };
    await recordEntry(tx, ctx, entryOf(row, "change.rejected", { reason: note, detail }));
  });
  return getChange(ctx, { id });
}
