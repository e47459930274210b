import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { isUniqueViolation } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getWorkload } from "./queries";
import type { CreateWorkloadInput } from "./schema";
import { getServable } from "./served";
import type { WorkloadView } from "./views";

/** Registers a workload for use cases: an admin for any, an application owner for their own. */
export async function createWorkload(ctx: Ctx, input: CreateWorkloadInput): Promise<WorkloadView> {
  requirePermission(ctx, "workload:create");
  const { slug, name, description = "" } = input;
  await inTransaction(ctx, async (tx) => {
    const useCases = await getServable(ctx, tx, input.useCases);
    const id = uuidv7();
    await tx.workload.create({
      data: {
        id,
        slug,
        name,
        description,
        createdAt: ctx.now,
        useCases: { create: useCases.map((useCase) => ({ useCaseId: useCase.id })) },
      },
    });
    await recordEntry(tx, ctx, {
      action: "workload.created",
      subject: { kind: "workload", id, ref: slug },
      detail: { slug, name, useCases: input.useCases },
    });
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new SluiceError("conflict", `There is a workload "${slug}" already.`, {
      fields: [{ path: "slug", message: "is taken" }],
      cause: error,
    });
  });
  return getWorkload(ctx, { slug });
}
