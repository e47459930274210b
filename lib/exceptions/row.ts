import { whereIdOrRef } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import { type ExceptionAction, type ExceptionStatus, mayMove, TRANSITIONS } from "./lifecycle";
import { LINK } from "./refs";

/** An owner, and whether they may still sign in. */
export const OWNER = { select: { id: true, name: true, deactivatedAt: true } } as const;

/** An exception with everyone who stands on it. */
export const EXCEPTION = {
  include: {
    useCase: {
      select: {
        id: true,
        slug: true,
        name: true,
        tier: true,
        riskOwnerId: true,
        members: { select: { personId: true } },
      },
    },
    riskOwner: OWNER,
    businessOwner: OWNER,
    requestedBy: PERSON_REF,
    decidedBy: PERSON_REF,
    reviews: { include: { reviewedBy: PERSON_REF }, orderBy: { at: "asc" } },
    reassignments: {
      include: { from: PERSON_REF, to: PERSON_REF, by: PERSON_REF },
      orderBy: { revision: "asc" },
    },
    shortenings: { include: { by: PERSON_REF }, orderBy: { revision: "asc" } },
    renews: { select: { id: true, ref: true, status: true, revision: true } },
    renewals: { select: { ref: true, status: true } },
    root: { select: { ...LINK, chain: { select: LINK } } },
    chain: { select: LINK },
  },
} as const satisfies Prisma.PolicyExceptionDefaultArgs;

export type ExceptionRow = Prisma.PolicyExceptionGetPayload<typeof EXCEPTION>;

/** `EXC-31`. */
export function refOf(row: { ref: number }): string {
  return `EXC-${row.ref}`;
}

/** An exception by id or by reference (`EXC-31`); `not_found` when there is none. */
export async function getExceptionRow(db: Db | Tx, idOrRef: string): Promise<ExceptionRow> {
  const row = await db.policyException.findUnique({ where: whereIdOrRef(idOrRef, "EXC"), ...EXCEPTION });
  if (!row) throw new SluiceError("not_found", `There is no exception "${idOrRef}".`);
  return row;
}

/** Why the state does not allow the move: somebody else was first, or it is over. */
export function wrongState(
  row: { ref: number; status: ExceptionStatus },
  action: ExceptionAction,
): SluiceError {
  return new SluiceError("conflict", `${refOf(row)} is ${row.status}: it is not open to ${action}.`);
}

/**
 * Moves an exception by its lifecycle, with what else is written; `conflict` when it is no longer as it was read,
 * so that of two at the same instant one wins. Every move counts its revision up.
 */
export async function moveTo(
  tx: Tx,
  row: Pick<ExceptionRow, "id" | "ref" | "status" | "revision">,
  action: ExceptionAction,
  data: Prisma.PolicyExceptionUncheckedUpdateManyInput,
): Promise<void> {
  const { to } = TRANSITIONS[action];
  if (!mayMove(row.status, action)) throw wrongState(row, action);
  const moved = await tx.policyException.updateMany({
    where: { id: row.id, status: row.status, revision: row.revision },
    data: { ...data, status: to ?? row.status, revision: row.revision + 1 },
  });
  if (moved.count === 0) throw overtaken(row);
}

function overtaken(row: { ref: number }): SluiceError {
  return new SluiceError("conflict", `Somebody else was first: ${refOf(row)} has moved since you opened it.`);
}

/** Keeps others from moving it until the transaction ends; `conflict` when it is no longer as it was read. */
export async function lockAsRead(tx: Tx, row: Pick<ExceptionRow, "id" | "ref" | "revision">): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "policy_exception" WHERE "id" = ${row.id}::uuid AND "revision" = ${row.revision} FOR UPDATE`;
  if (found.length === 0) throw overtaken(row);
}
