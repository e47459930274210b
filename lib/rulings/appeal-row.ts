import { whereIdOrRef } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import { APPEAL_TRANSITIONS, type AppealAction, mayMove } from "./lifecycle";
import { appealRef } from "./rules";

/** What is needed of a use case to name it and to know who may do what on it. */
export const NAMED_USE_CASE = {
  select: {
    id: true,
    slug: true,
    name: true,
    tier: true,
    riskOwnerId: true,
    members: { select: { personId: true } },
  },
} as const;

/** An appeal with everyone who stands on it. */
export const APPEAL = {
  include: { useCase: NAMED_USE_CASE, openedBy: PERSON_REF, closedBy: PERSON_REF },
} as const satisfies Prisma.AppealDefaultArgs;

export type AppealRow = Prisma.AppealGetPayload<typeof APPEAL>;

/** An appeal by id or by reference (`APL-12`); `not_found` when there is none. */
export async function getAppealRow(db: Db | Tx, idOrRef: string): Promise<AppealRow> {
  const row = await db.appeal.findUnique({ where: whereIdOrRef(idOrRef, "APL"), ...APPEAL });
  if (!row) throw new SluiceError("not_found", `There is no appeal "${idOrRef.slice(0, 60)}".`);
  return row;
}

/** Ends an open appeal; `conflict` when it is closed, so that of two at the same instant one wins. */
export async function closeAppeal(
  tx: Tx,
  row: AppealRow,
  action: AppealAction,
  { closedById, answer, now }: { closedById: string; answer: string | null; now: Date },
): Promise<void> {
  if (mayMove(row.status, action)) {
    const { count } = await tx.appeal.updateMany({
      where: { id: row.id, status: { in: [...APPEAL_TRANSITIONS[action].from] } },
      data: {
        status: APPEAL_TRANSITIONS[action].to,
        openKey: null,
        closedById,
        closedAt: now,
        answer,
      },
    });
    if (count > 0) return;
  }
  throw new SluiceError("conflict", `${appealRef(row)} is closed: somebody else was first.`);
}
