import { type Ctx, inTransaction } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import type { Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getActivePeople } from "@/lib/people/refs";
import { getUseCase } from "./queries";
import { getStanding, requireFor } from "./refs";
import type { UpdateUseCaseInput } from "./schema";
import type { UseCaseView } from "./views";

/**
 * Edits the register entry. The edit names the revision that it saw: `conflict` when somebody saved since, saying
 * who and when. Owners must be active people of the right role.
 */
export async function updateUseCase(
  ctx: Ctx,
  input: UpdateUseCaseInput & { slug: string },
): Promise<UseCaseView> {
  await inTransaction(ctx, async (tx) => {
    const { slug, revision, applicationOwnerIds, ...fields } = input;
    const before = await getStanding(tx, slug);
    requireFor(ctx, "use-case:update", before);
    if (fields.riskOwnerId !== undefined) {
      await getActivePeople(tx, [fields.riskOwnerId], "riskOwnerId", "risk_owner");
    }
    const saved = await tx.useCase.updateMany({
      where: { id: before.id, revision },
      data: { ...fields, revision: { increment: 1 } },
    });
    if (saved.count === 0) throw await savedBySomebodyElse(tx, before.id);
    if (applicationOwnerIds !== undefined) await setOwners(tx, before.id, applicationOwnerIds);
    await recordEntry(tx, ctx, {
      action: "use_case.updated",
      subject: { kind: "use_case", id: before.id },
      useCase: slug,
      detail: { revision: revision + 1, ...fields, ...(applicationOwnerIds ? { applicationOwnerIds } : {}) },
    });
  });
  return getUseCase(ctx, { slug: input.slug });
}

async function setOwners(tx: Tx, useCaseId: string, ids: readonly string[]): Promise<void> {
  await getActivePeople(tx, ids, "applicationOwnerIds", "application_owner");
  await tx.useCaseMember.deleteMany({ where: { useCaseId, personId: { notIn: [...ids] } } });
  await tx.useCaseMember.createMany({
    data: ids.map((personId) => ({ useCaseId, personId })),
    skipDuplicates: true,
  });
}

async function savedBySomebodyElse(tx: Tx, useCaseId: string): Promise<SluiceError> {
  const last = await tx.auditEntry.findFirst({
    where: { subjectKind: "use_case", subjectId: useCaseId, action: "use_case.updated" },
    orderBy: { number: "desc" },
    select: { actorName: true, at: true },
  });
  const who = last ? `${last.actorName} saved it at ${last.at.toISOString()}` : "Somebody saved it";
  return new SluiceError("conflict", `${who}, after you opened it. Compare and save again.`);
}
