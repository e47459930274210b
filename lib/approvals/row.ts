import { whereIdOrRef } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import { type ApprovalAction, mayMove, TRANSITIONS } from "./lifecycle";
import { refOf, statusAt } from "./rules";

/** A held request with everyone who stands on it. */
export const APPROVAL = {
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
    workload: { select: { id: true, slug: true, name: true } },
    decidedBy: PERSON_REF,
  },
} as const satisfies Prisma.ApprovalRequestDefaultArgs;

export type ApprovalRow = Prisma.ApprovalRequestGetPayload<typeof APPROVAL>;

/** A held request by id or by reference (`APR-31`); `not_found` when there is none. */
export async function getApprovalRow(db: Db | Tx, idOrRef: string): Promise<ApprovalRow> {
  const row = await db.approvalRequest.findUnique({ where: whereIdOrRef(idOrRef, "APR"), ...APPROVAL });
  if (!row) throw new SluiceError("not_found", `There is no held request "${idOrRef}".`);
  return row;
}

/** Why it cannot be decided any more. */
export function wrongState(row: ApprovalRow, action: ApprovalAction, now: Date): SluiceError {
  const status = statusAt(row, now);
  const state =
    row.decidedBy !== null
      ? `was ${row.verdict} by ${row.decidedBy.name}`
      : status === "expired"
        ? "has expired, which counts as denied"
        : `is ${status}`;
  return new SluiceError("conflict", `${refOf(row)} ${state}: it is not open to ${action}.`);
}

/**
 * Writes a verdict; `conflict` when somebody else was first or the time is up, so that of two at the same instant one
 * wins and none comes late.
 */
export async function writeVerdict(
  tx: Tx,
  row: ApprovalRow,
  action: ApprovalAction,
  { decidedById, reason, now }: { decidedById: string; reason: string; now: Date },
): Promise<void> {
  if (!mayMove(statusAt(row, now), action)) throw wrongState(row, action, now);
  const { count } = await tx.approvalRequest.updateMany({
    where: { id: row.id, verdict: null, expiresAt: { gt: now } },
    data: { verdict: TRANSITIONS[action].to, decidedById, decidedAt: now, reason },
  });
  if (count === 0) {
    throw new SluiceError("conflict", `Somebody else was first: ${refOf(row)} is decided.`);
  }
}
