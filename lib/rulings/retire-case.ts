import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getCaseRow } from "./case-row";
import { requireAllowed, whyNotKeep } from "./may";
import { getCase } from "./queries";
import { caseRef } from "./rules";
import type { RetireCaseInput } from "./schema";
import type { CaseView } from "./views";

/** Retires a kept case, with a reason: no change is checked against it any more. Throws `conflict` when it is retired. */
export async function retireCase(
  ctx: Ctx,
  { id, reason }: RetireCaseInput & { id: string },
): Promise<CaseView> {
  const caseId = await inTransaction(ctx, async (tx) => {
    const row = await getCaseRow(tx, id);
    const viewer = requireAllowed(ctx, (person) => whyNotKeep(person, row.useCase));
    const { count } = await tx.regressionCase.updateMany({
      where: { id: row.id, retiredAt: null },
      data: { retiredById: viewer.id, retiredAt: ctx.now, retireReason: reason, liveKey: null },
    });
    if (count === 0) throw new SluiceError("conflict", `${caseRef(row)} is retired already.`);
    await recordEntry(tx, ctx, {
      action: "case.retired",
      subject: { kind: "case", id: row.id, ref: caseRef(row) },
      useCase: row.useCase.slug,
      reason,
      detail: { control: row.control, expected: row.expected },
    });
    return row.id;
  });
  return getCase(ctx, { id: caseId });
}
