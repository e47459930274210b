import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getWorkload, getWorkloadRow } from "./queries";
import type { EndIdentityInput } from "./schema";
import { assertMay } from "./served";
import type { WorkloadView } from "./views";

/** Unbinds tokens from a workload at once; task credentials made from them die with it. */
export async function removeFederation(
  ctx: Ctx,
  { workload: slug, id, reason }: EndIdentityInput & { workload: string; id: string },
): Promise<WorkloadView> {
  await inTransaction(ctx, async (tx) => {
    const workload = await getWorkloadRow(tx, slug);
    const federation = workload.federations.find((one) => one.id === id);
    if (!federation) throw new SluiceError("not_found", "This workload has no such binding.");
    assertMay(ctx, "federate", workload);
    const removed = await tx.workloadFederation.updateMany({
      where: { id, removedAt: null },
      data: { removedAt: ctx.now },
    });
    if (removed.count === 0) throw new SluiceError("conflict", "The binding is removed already.");
    const { issuer, audience, subject } = federation;
    await recordEntry(tx, ctx, {
      action: "federation.removed",
      subject: { kind: "workload", id: workload.id, ref: slug },
      reason,
      detail: { federation: id, issuer: issuer.issuer, audience, subject },
    });
  });
  return getWorkload(ctx, { slug });
}
