import { whereIdOrRef } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import { NAMED_USE_CASE } from "./appeal-row";

/** A kept case with everyone who stands on it. */
export const CASE = {
  include: { useCase: NAMED_USE_CASE, keptBy: PERSON_REF, retiredBy: PERSON_REF },
} as const satisfies Prisma.RegressionCaseDefaultArgs;

export type CaseRow = Prisma.RegressionCaseGetPayload<typeof CASE>;

/** A kept case by id or by reference (`CASE-7`); `not_found` when there is none. */
export async function getCaseRow(db: Db | Tx, idOrRef: string): Promise<CaseRow> {
  const row = await db.regressionCase.findUnique({ where: whereIdOrRef(idOrRef, "CASE"), ...CASE });
  if (!row) throw new SluiceError("not_found", `There is no case "${idOrRef.slice(0, 60)}".`);
  return row;
}
