import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { ruleBroken } from "@/lib/errors";
import { assertFresh } from "./approve-change";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange, moveTo } from "./row";
import type { AcceptConditionsInput, Seen } from "./schema";
import type { ChangeView } from "./views";

/**
 * The named risk owner accepts conditions of readiness that are not met, with a reason, for exactly the proposal and
 * evidence that stand: either moves, and they must be accepted again. All are accepted or none. Where they were the last
 * thing missing, the change is approved. Throws `rule` when one of them is no unmet condition.
 */
export async function acceptConditions(
  ctx: Ctx,
  { id, conditions, reason, evidenceDigest, seen }: AcceptConditionsInput & { id: string } & Seen,
): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const { row, quorum, standing } = before;
    const person = requireMay(ctx, "accept", before);
    assertFresh(row, { evidenceDigest });
    const nothing = conditions.find((condition) => !standing.unaccepted.includes(condition));
    if (nothing !== undefined) {
      throw ruleBroken("nothing-to-accept", `${nothing} is met, or you have accepted it already.`);
    }
    const { proposalDigest } = row;
    const bound = { proposalDigest, evidenceDigest };
    await tx.readinessAcceptance.createMany({
      data: conditions.map((condition) => ({
        id: uuidv7(),
        changeId: row.id,
        personId: person.id,
        condition,
        reason,
        ...bound,
        at: ctx.now,
      })),
    });
    const isLast =
      quorum.open.length === 0 && !quorum.conflicted && standing.unaccepted.length === conditions.length;
    if (isLast) await moveTo(tx, row, "accept", {});
    const detail = { conditions, ...bound, quorumMet: isLast };
    await recordEntry(tx, ctx, entryOf(row, "readiness.accepted", { reason, detail }));
  });
  return getChange(ctx, { id });
}
