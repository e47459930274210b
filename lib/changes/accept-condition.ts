import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { ruleBroken } from "@/lib/errors";
import { assertFresh } from "./approve-change";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange, moveTo } from "./row";
import type { AcceptConditionInput, Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * The named risk owner accepts a condition of readiness that is not met, with a reason, for exactly the proposal and
 * evidence that stand: either moves, and it must be accepted again. Where it was the last thing missing, the change is
 * approved. Throws `rule` when there is no such unmet condition.
 */
export async function acceptCondition(
  ctx: Ctx,
  { id, condition, reason, evidenceDigest, seen }: AcceptConditionInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const { row, quorum, standing } = before;
    const person = requireMay(ctx, "accept", before);
    assertFresh(row, { evidenceDigest });
    if (!standing.unaccepted.includes(condition)) {
      throw ruleBroken("nothing-to-accept", "This condition is met, or you have accepted it already.");
    }
    const { proposalDigest } = row;
    await tx.readinessAcceptance.create({
      data: {
        id: uuidv7(),
        changeId: row.id,
        personId: person.id,
        condition,
        reason,
        proposalDigest,
        evidenceDigest,
        at: ctx.now,
      },
    });
    const isLast = quorum.open.length === 0 && !quorum.conflicted && standing.unaccepted.length === 1;
    if (isLast) await moveTo(tx, row, "accept", {});
    const detail = { condition, proposalDigest, evidenceDigest, quorumMet: isLast };
    await recordEntry(tx, ctx, entryOf(row, "readiness.accepted", { reason, detail }));
  });
  return getChange(ctx, { id });
}
