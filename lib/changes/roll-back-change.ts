import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { draft } from "./draft-change";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { loadChange, lockChange, refOf } from "./row";
import type { RollBackChangeInput, Seen } from "./schema";
import { submit } from "./submit-change";
import type { ChangeView } from "./views";

/**
 * Proposes what stood before a change was applied, as a new change over the version in force, and submits it. It needs
 * its own seats; of the stages it may skip one, since what it returns to was reached by them. Throws `rule` when that is what stands already. Returns the new change.
 */
export async function rollBackChange(
  ctx: Ctx,
  { id, reason, seen }: RollBackChangeInput & { id: string } & Seen,
): Promise<ChangeView> {
  const newId = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const before = await loadChange(tx, id, ctx.now, seen);
    const { row, subject, base, currentVersion } = before;
    const person = requireMay(ctx, "roll_back", before);
    const drafted = await draft(tx, ctx, {
      id: newId,
      subject,
      requesterId: person.id,
      baseVersion: currentVersion,
      proposal: base,
      justification: `Rolls back ${refOf(row)}: ${reason}`,
      reverts: row,
    });
    const submitted = await submit(tx, ctx, { id: newId });
    await lockChange(tx, id, ctx.now, seen);
    await recordEntry(tx, ctx, drafted);
    await recordEntry(tx, ctx, entryOf(row, "change.rolled_back", { reason, detail: { by: newId } }));
    await recordEntry(tx, ctx, submitted);
  });
  return getChange(ctx, { id: newId });
}
