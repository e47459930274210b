import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { entryOf } from "./entry";
import { requireMay } from "./may";
import { measureEvidence } from "./proposal";
import { getChange } from "./queries";
import { lockChange, moveTo } from "./row";
import type { Seen } from "./schema";
import type { ChangeView } from "./views";

/** Measures impact and readiness anew, up to now. Approvals of what was measured before stop counting. */
export async function measureChange(ctx: Ctx, { id, seen }: { id: string } & Seen): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id, ctx.now, seen);
    const { row, subject } = before;
    requireMay(ctx, "measure", before);
    const measured = await measureEvidence(tx, subject, before, ctx.now, row.requestedById);
    await moveTo(tx, row, "measure", {
      ...measured,
      scheduledFor: null,
      scheduledById: null,
      suspendedBecause: null,
    });
    const detail = { before: row.evidenceDigest, evidenceDigest: measured.evidenceDigest };
    await recordEntry(tx, ctx, entryOf(row, "change.measured", { detail }));
  });
  return getChange(ctx, { id });
}
