import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getWorkload, getWorkloadRow } from "./queries";
import type { EndIdentityInput } from "./schema";
import { assertMay } from "./served";
import type { WorkloadView } from "./views";

/** Ends every task credential of a workload that was issued before now. What they were made from stays. */
export async function revokeTasks(
  ctx: Ctx,
  { workload: slug, reason }: EndIdentityInput & { workload: string },
): Promise<WorkloadView> {
  await inTransaction(ctx, async (tx) => {
    const workload = await getWorkloadRow(tx, slug);
    assertMay(ctx, "revoke-tasks", workload);
    await tx.workload.updateMany({
      where: { id: workload.id, OR: [{ tasksValidFrom: null }, { tasksValidFrom: { lt: ctx.now } }] },
      data: { tasksValidFrom: ctx.now },
    });
    await recordEntry(tx, ctx, {
      action: "tasks.revoked",
      subject: { kind: "workload", id: workload.id, ref: slug },
      reason,
      detail: { issuedBefore: ctx.now.toISOString() },
    });
  });
  return getWorkload(ctx, { slug });
}
