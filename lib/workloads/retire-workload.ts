import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getWorkload, getWorkloadRow } from "./queries";
import type { EndIdentityInput } from "./schema";
import { assertMay } from "./served";
import type { WorkloadView } from "./views";

/** Retires a workload: nothing that it holds opens a door any more. What it asked stays recorded. */
export async function retireWorkload(
  ctx: Ctx,
  { workload: slug, reason }: EndIdentityInput & { workload: string },
): Promise<WorkloadView> {
  await inTransaction(ctx, async (tx) => {
    const workload = await getWorkloadRow(tx, slug);
    assertMay(ctx, "retire", workload);
    const retired = await tx.workload.updateMany({
      where: { id: workload.id, retiredAt: null },
      data: { retiredAt: ctx.now },
    });
    if (retired.count === 0) throw new SluiceError("conflict", "The workload is retired already.");
    await tx.workloadFederation.updateMany({
      where: { workloadId: workload.id, removedAt: null },
      data: { removedAt: ctx.now },
    });
    await recordEntry(tx, ctx, {
      action: "workload.retired",
      subject: { kind: "workload", id: workload.id, ref: slug },
      reason,
      detail: { federations: workload.federations.length },
    });
  });
  return getWorkload(ctx, { slug });
}
