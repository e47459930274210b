import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getDetector, getDetectorRow } from "./queries";
import type { RetireDetectorInput } from "./schema";
import type { DetectorView } from "./views";

/** Retires an outside detector: policies that name it have one that does not answer, until they no longer do. */
export async function retireDetector(
  ctx: Ctx,
  { name, reason }: RetireDetectorInput & { name: string },
): Promise<DetectorView> {
  requirePermission(ctx, "detector:manage");
  await inTransaction(ctx, async (tx) => {
    await getDetectorRow(tx, name);
    const retired = await tx.outsideDetector.updateMany({
      where: { name, retiredAt: null },
      data: { retiredAt: ctx.now, secret: null },
    });
    if (retired.count === 0) throw new SluiceError("conflict", "The detector is retired already.");
    await recordEntry(tx, ctx, {
      action: "detector.retired",
      subject: { kind: "detector", id: name, ref: name },
      reason,
      detail: {},
    });
  });
  return getDetector(ctx, name);
}
