import { type Ctx, inTransaction, type PersonActor } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SUBMITTED_STATUSES } from "@/lib/changes/lifecycle";
import type { Tx } from "@/lib/db/prisma";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { getActivePeople } from "@/lib/people/refs";
import { currentVersionNumber } from "./policy-in-force";
import { getUseCase } from "./queries";
import { getStanding, requireFor, type UseCaseStanding } from "./refs";
import { loosenedFields } from "./rules";
import type { UpdateUseCaseInput } from "./schema";
import type { UseCaseView } from "./views";

/**
 * Edits the register entry. The edit names the revision that it saw: `conflict` when somebody saved since, saying
 * who and when. Owners must be active people of the right role, and nobody makes themselves the risk owner. A lower
 * tier or data class, or another environment, takes a security lead, and no submitted change: its seats would move.
 */
export async function updateUseCase(
  ctx: Ctx,
  input: UpdateUseCaseInput & { slug: string },
): Promise<UseCaseView> {
  await inTransaction(ctx, async (tx) => {
    const { slug, revision, applicationOwnerIds, ...fields } = input;
    const before = await getStanding(tx, slug);
    const editor = requireFor(ctx, "use-case:update", before);
    await assertMayReclassify(ctx, tx, before, fields);
    if (fields.riskOwnerId !== undefined) {
      await getActivePeople(tx, [fields.riskOwnerId], "riskOwnerId", "risk_owner");
      assertNotSelfAppointed(editor, before, fields.riskOwnerId);
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

async function assertMayReclassify(
  ctx: Ctx,
  tx: Tx,
  before: UseCaseStanding,
  fields: Pick<UpdateUseCaseInput, "tier" | "dataClass" | "environment">,
): Promise<void> {
  const loosened = loosenedFields(before, fields);
  if (loosened.length === 0) return;
  requireFor(ctx, "use-case:reclassify", before);
  // A draft has no approvals yet, and those of a change whose base moved no longer count.
  const baseVersion = await currentVersionNumber(tx, before.id);
  const open = await tx.changeRequest.findFirst({
    where: { useCaseId: before.id, baseVersion, status: { in: [...SUBMITTED_STATUSES] } },
    orderBy: { ref: "asc" },
    select: { ref: true },
  });
  if (open === null) return;
  throw ruleBroken(
    "open-change",
    `CHG-${open.ref} is open: apply, reject or withdraw it before the use case is taken for less.`,
  );
}

/** The risk owner's seat is given by somebody else, or who may edit could take it and approve. */
function assertNotSelfAppointed(editor: PersonActor, before: UseCaseStanding, riskOwnerId: string): void {
  if (riskOwnerId !== editor.id || before.riskOwnerId === editor.id) return;
  throw ruleBroken(
    "self-appointment",
    "Nobody makes themselves the risk owner: somebody else must name you.",
  );
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
