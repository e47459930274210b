import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import { type Floor, findFloor } from "@/lib/use-cases/policy-in-force";

/** The floor under a use case at an instant; null when there is none. `not_found` without such a use case. */
export async function findFloorOf(db: Db | Tx, useCaseId: string, at: Date): Promise<Floor | null> {
  const useCase = await db.useCase.findUnique({ where: { id: useCaseId }, select: { dataClass: true } });
  if (!useCase) throw new SluiceError("not_found", "There is no such use case.");
  return findFloor(db, useCase.dataClass, at);
}

/** The newest version of the use case's policy; null before the first. */
export async function findPolicy(
  db: Db | Tx,
  useCaseId: string,
): Promise<{ number: number; document: PolicyDocument } | null> {
  const version = await db.policyVersion.findFirst({ where: { useCaseId }, orderBy: { number: "desc" } });
  return version && { number: version.number, document: policyDocumentSchema.parse(version.document) };
}
