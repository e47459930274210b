import { whereIdOrRef } from "@/lib/db/keyset";
import { type Db, Prisma, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import type { PolicyDocument } from "@/lib/policy/document";
import { currentVersionNumber, getVersion, parseDocument } from "@/lib/use-cases/policy-in-force";
import { type ChangeAction, type ChangeStatus, isOpen, mayMove, statusAfter } from "./lifecycle";
import { type Direction, holdsSeat, type Quorum, quorumOf } from "./rules";

/** A change request with everyone who stands on it. */
export const CHANGE = {
  include: {
    useCase: {
      select: {
        id: true,
        slug: true,
        name: true,
        tier: true,
        dataClass: true,
        riskOwnerId: true,
        members: { select: { personId: true } },
      },
    },
    requestedBy: PERSON_REF,
    approvals: {
      include: {
        person: { select: { id: true, name: true, deactivatedAt: true, roles: { select: { role: true } } } },
      },
      orderBy: { at: "asc" },
    },
  },
} as const satisfies Prisma.ChangeRequestDefaultArgs;

export type ChangeRow = Prisma.ChangeRequestGetPayload<typeof CHANGE>;

/** A change request as commands judge it: its documents, the version in force, and what its approvals add up to. */
export interface LoadedChange {
  row: ChangeRow;
  base: PolicyDocument;
  proposal: PolicyDocument;
  currentVersion: number;
  quorum: Quorum<ChangeRow["approvals"][number]>;
}

/** `CHG-204`. */
export function refOf(row: { ref: number }): string {
  return `CHG-${row.ref}`;
}

/** A change by id or by reference (`CHG-204`); `not_found` when there is none. */
export async function getChangeRow(db: Db | Tx, idOrRef: string): Promise<ChangeRow> {
  const row = await db.changeRequest.findUnique({ where: whereIdOrRef(idOrRef, "CHG"), ...CHANGE });
  if (!row) throw new SluiceError("not_found", `There is no change "${idOrRef}".`);
  return row;
}

/** A change with what holds now; `not_found` when there is none. */
export async function loadChange(db: Db | Tx, idOrRef: string): Promise<LoadedChange> {
  const row = await getChangeRow(db, idOrRef);
  const { document: base } = await getVersion(db, row.useCaseId, { number: row.baseVersion });
  const currentVersion = await currentVersionNumber(db, row.useCaseId);
  const approvals = isOpen(row.status) ? row.approvals.filter(holdsSeat) : row.approvals;
  const quorum = quorumOf(standingOf(row, currentVersion), approvals);
  return { row, base, proposal: parseDocument(row.proposal), currentVersion, quorum };
}

/** The same, holding the row: verdicts, edits and applying of one change wait for each other. */
export async function lockChange(tx: Tx, idOrRef: string): Promise<LoadedChange> {
  const where = whereIdOrRef(idOrRef, "CHG");
  const which = "id" in where ? Prisma.sql`"id" = ${where.id}::uuid` : Prisma.sql`"ref" = ${where.ref}`;
  await tx.$queryRaw(Prisma.sql`SELECT 1 FROM "change_request" WHERE ${which} FOR UPDATE`);
  return loadChange(tx, idOrRef);
}

/** What the row says of itself, for the calculations of `rules.ts`. */
export function standingOf(row: ChangeRow, currentVersion: number) {
  return {
    direction: row.direction as Direction,
    tier: row.useCase.tier,
    requestedById: row.requestedById,
    riskOwnerId: row.useCase.riskOwnerId,
    proposalDigest: row.proposalDigest,
    evidenceDigest: row.evidenceDigest,
    baseVersion: row.baseVersion,
    currentVersion,
  };
}

/** Why the state does not allow the move: somebody else was first, or it is over. */
export function wrongState(row: { ref: number; status: ChangeStatus }, action: ChangeAction): SluiceError {
  const status = row.status.replace("_", " ");
  return new SluiceError("conflict", `${refOf(row)} is ${status}: it is not open to ${action}.`);
}

/** Moves a change by its lifecycle, with what else is written; `conflict` when it is no longer as it was read. */
export async function moveTo(
  tx: Tx,
  row: ChangeRow,
  action: ChangeAction,
  data: Prisma.ChangeRequestUncheckedUpdateManyInput,
): Promise<void> {
  if (!mayMove(row.status, action)) throw wrongState(row, action);
  const moved = await tx.changeRequest.updateMany({
    where: {
      id: row.id,
      status: row.status,
      proposalDigest: row.proposalDigest,
      evidenceDigest: row.evidenceDigest,
    },
    data: { ...data, status: statusAfter(row.status, action) },
  });
  if (moved.count === 0) {
    throw new SluiceError(
      "conflict",
      `Somebody else was first: ${refOf(row)} has moved since you opened it.`,
    );
  }
}
