import type { Db, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";

export interface Floor {
  document: PolicyDocument;
  digest: string;
}

/** The newest floor of the use case's data class; null when there is none. `not_found` without such a use case. */
export async function findFloor(db: Db | Tx, useCaseId: string): Promise<Floor | null> {
  const useCase = await db.useCase.findUnique({ where: { id: useCaseId }, select: { dataClass: true } });
  if (!useCase) throw new SluiceError("not_found", "There is no such use case.");
  const floor = await db.floorVersion.findFirst({
    where: { dataClass: useCase.dataClass },
    orderBy: { number: "desc" },
  });
  return floor && { document: policyDocumentSchema.parse(floor.document), digest: floor.digest };
}

/** The newest version of the use case's policy; null before the first. */
export async function findPolicy(
  db: Db | Tx,
  useCaseId: string,
): Promise<{ number: number; document: PolicyDocument } | null> {
  const version = await db.policyVersion.findFirst({ where: { useCaseId }, orderBy: { number: "desc" } });
  return version && { number: version.number, document: policyDocumentSchema.parse(version.document) };
}
