import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { isUniqueViolation } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { compileOnce } from "@/lib/use-cases/compiled";
import { requireMay } from "./may";
import { getChange } from "./queries";
import { lockChange, moveTo, refOf } from "./row";
import { assertStageMove } from "./rules";
import type { ChangeView } from "./views";

/**
 * Puts an approved change in force: the next policy version, from this moment. The quorum must hold now, and the
 * version that it was based on must still be the one in force: of two changes at the same instant one wins, the
 * other gets `conflict`.
 */
export async function applyChange(ctx: Ctx, { id }: { id: string }): Promise<ChangeView> {
  await inTransaction(ctx, async (tx) => {
    const before = await lockChange(tx, id);
    const { row, base, proposal } = before;
    requireMay(ctx, "apply", before);
    assertStageMove(base, proposal);
    const policy = compileOnce(proposal);
    const number = row.baseVersion + 1;
    await tx.policyVersion.create({
      data: {
        id: uuidv7(),
        useCaseId: row.useCaseId,
        number,
        document: policy.document,
        cedar: policy.cedar,
        digest: policy.digest,
        effectiveFrom: ctx.now,
        changeId: row.id,
      },
    });
    await moveTo(tx, row, "apply", { appliedAt: ctx.now, closedAt: ctx.now, appliedVersion: number });
    await recordEntry(tx, ctx, {
      action: "change.applied",
      subject: { kind: "change", id: row.id, ref: refOf(row) },
      useCase: row.useCase.slug,
      detail: {
        version: number,
        policyDigest: policy.digest,
        proposalDigest: row.proposalDigest,
        evidenceDigest: row.evidenceDigest,
      },
    });
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new SluiceError("conflict", "Another change of this policy was applied first.", { cause: error });
  });
  return getChange(ctx, { id });
}
