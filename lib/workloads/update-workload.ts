import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getWorkload, getWorkloadRow } from "./queries";
import type { UpdateWorkloadInput } from "./schema";
import { assertMay, getServable } from "./served";
import type { WorkloadView } from "./views";

/** Edits a workload: its name, its description, the use cases that it serves (the person must reach old and new). */
export async function updateWorkload(
  ctx: Ctx,
  { slug, useCases, ...fields }: UpdateWorkloadInput & { slug: string },
): Promise<WorkloadView> {
  await inTransaction(ctx, async (tx) => {
    const before = await getWorkloadRow(tx, slug);
    assertMay(ctx, "update", before);
    await tx.workload.update({ where: { id: before.id }, data: fields });
    if (useCases !== undefined) {
      const ids = (await getServable(ctx, tx, useCases)).map(({ id }) => id);
      await tx.workloadUseCase.deleteMany({ where: { workloadId: before.id, useCaseId: { notIn: ids } } });
      await tx.workloadUseCase.createMany({
        data: ids.map((useCaseId) => ({ workloadId: before.id, useCaseId })),
        skipDuplicates: true,
      });
    }
    await recordEntry(tx, ctx, {
      action: "workload.updated",
      subject: { kind: "workload", id: before.id, ref: slug },
      detail: { ...fields, ...(useCases ? { useCases } : {}) },
    });
  });
  return getWorkload(ctx, { slug });
}
