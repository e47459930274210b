import { whereIdOrRef } from "@/lib/db/keyset";
import { type Db, Prisma, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { type Instated, isInstated, PERSON_REF, readInstated } from "@/lib/people/refs";
import type { DataClass } from "@/lib/policy/vocabulary";
import { getSetting } from "@/lib/settings/queries";
import { type Freeze, freezeAt } from "@/lib/settings/rules";
import type { SettingKey, SettingValue } from "@/lib/settings/schema";
import { highestTier } from "@/lib/use-cases/refs";
import { type ChangeMove, type ChangeStatus, isOpen, mayMove, statusAfter } from "./lifecycle";
import { readEvidence, restoring } from "./proposal";
import {
  type Direction,
  holdsSeat,
  type Quorum,
  quorumOf,
  type SeatTable,
  type Standing,
  seatsFor,
  unacceptedOf,
  type Weight,
} from "./rules";
import { floorSubject } from "./subjects/floor";
import { policySubject } from "./subjects/policy";
import { settingSubject } from "./subjects/setting";
import type { Check, Content, Subject } from "./subjects/subject";
import type { ChangeEvidence } from "./views";

/** A person with what tells whether they could still take their seat. */
const HOLDER = {
  select: { id: true, name: true, deactivatedAt: true, roles: { select: { role: true } } },
} as const;

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
    scheduledBy: PERSON_REF,
    brokeGlassBy: PERSON_REF,
    reverts: { select: { id: true, ref: true, baseVersion: true } },
    revertedBy: { select: { id: true, ref: true, status: true, emergency: true }, orderBy: { ref: "asc" } },
    approvals: { include: { person: HOLDER }, orderBy: { at: "asc" } },
    acceptances: { include: { person: HOLDER }, orderBy: { at: "asc" } },
    reviewers: { include: { person: PERSON_REF, askedBy: PERSON_REF }, orderBy: { at: "asc" } },
    review: { include: { person: PERSON_REF } },
  },
} as const satisfies Prisma.ChangeRequestDefaultArgs;

export type ChangeRow = Prisma.ChangeRequestGetPayload<typeof CHANGE>;

/** The settings of governance by which changes are judged. */
export interface Governance {
  seats: SeatTable;
  windows: SettingValue<"freezes">["windows"];
  emergencies: SettingValue<"emergencies">;
}

/** A change request as commands judge it: its documents, the version in force, and what its approvals add up to. */
export interface LoadedChange {
  row: ChangeRow;
  subject: Subject;
  base: Content;
  proposal: Content;
  /** How the proposal is checked over its base. */
  how: Check;
  evidence: ChangeEvidence | null;
  currentVersion: number;
  governance: Governance;
  /** Whom the requester (or who broke the glass) has given an account or a role since the draft was made. */
  instated: readonly Instated[];
  /** Measured by a version of the program that knew no readiness: nothing counts until it is measured anew. */
  outdated: boolean;
  /** By what its seats are asked: of a policy, the highest tier that its use case had since shortly before the draft. */
  weight: Weight;
  /** The freeze window that it falls into now; null when there is none, or when it is closed. */
  freeze: Freeze | null;
  standing: Standing;
  quorum: Quorum<ChangeRow["approvals"][number]>;
}

/** `CHG-204`. */
export function refOf(row: { ref: number }): string {
  return `CHG-${row.ref}`;
}

/** What a change is of. */
export function subjectOf(row: Pick<ChangeRow, "subject" | "subjectKey" | "useCase">): Subject {
  if (row.useCase) return policySubject(row.useCase);
  if (row.subject === "floor") return floorSubject(row.subjectKey as DataClass);
  return settingSubject(row.subjectKey as SettingKey);
}

/** A change by id or by reference (`CHG-204`); `not_found` when there is none. */
export async function getChangeRow(db: Db | Tx, idOrRef: string): Promise<ChangeRow> {
  const row = await db.changeRequest.findUnique({ where: whereIdOrRef(idOrRef, "CHG"), ...CHANGE });
  if (!row) throw new SluiceError("not_found", `There is no change "${idOrRef}".`);
  return row;
}

/** The settings by which changes are judged at an instant. */
export async function readGovernance(db: Db | Tx, at: Date): Promise<Governance> {
  const seats = await getSetting(db, "seats", at);
  const freezes = await getSetting(db, "freezes", at);
  const emergencies = await getSetting(db, "emergencies", at);
  return { seats: seats.value, windows: freezes.value.windows, emergencies: emergencies.value };
}

/**
 * A change with what holds now; a closed one by the settings that held when it was closed. Throws `not_found` when there
 * is none, `stale` when the caller saw another revision than the one that stands.
 */
export async function loadChange(
  db: Db | Tx,
  idOrRef: string,
  now: Date,
  seen?: string,
): Promise<LoadedChange> {
  const row = await getChangeRow(db, idOrRef);
  const governance = await readGovernance(db, row.closedAt ?? now);
  const change = await loadRow(db, row, governance, now);
  assertSeen(change, seen);
  return change;
}

/** The same for a row that was read already. */
export async function loadRow(
  db: Db | Tx,
  row: ChangeRow,
  governance: Governance,
  now: Date,
): Promise<LoadedChange> {
  const subject = subjectOf(row);
  const base = await subject.read(db, row.baseVersion);
  const currentVersion = await subject.currentNumber(db);
  const proposal = subject.parse(row.proposal);
  const evidence = readEvidence(row.evidence);
  const instated = await readAppointed(db, row);
  const weight = await weightOf(db, row);
  const standing = standingOf(row, { weight, governance, currentVersion, instated });
  return {
    row,
    subject,
    base,
    proposal,
    how: await restoring(db, subject, row, proposal),
    evidence,
    currentVersion,
    governance,
    freeze: isOpen(row.status) ? freezeAt(governance.windows, await subject.concerns(db), now) : null,
    instated,
    outdated: isOutdated(row),
    weight,
    standing,
    quorum: quorumOf(standing, approvalsOf(row, instated)),
  };
}

/** Whom those who asked for a change have appointed since. */
export function readAppointed(db: Db | Tx, row: ChangeRow): Promise<Instated[]> {
  return readInstated(db, { by: [row.requestedById, row.brokeGlassById], since: row.createdAt });
}

/** What a change weighs: taking a use case for less takes no seat from what was drafted before, or within a week. */
export async function weightOf(db: Db | Tx, { useCase, createdAt, closedAt }: ChangeRow): Promise<Weight> {
  if (!useCase) return "organisation";
  return highestTier(db, useCase, { before: createdAt, until: closedAt });
}

/** The approvals that may count: of a closed change those that did then. */
export function approvalsOf(row: ChangeRow, instated: readonly Instated[]): ChangeRow["approvals"] {
  if (!isOpen(row.status)) return row.approvals;
  return row.approvals.filter((one) => holdsSeat(one) && !isInstated(instated, one.personId, one.seat));
}

/** The same, holding the row: verdicts, edits and applying of one change wait for each other. */
export async function lockChange(tx: Tx, idOrRef: string, now: Date, seen?: string): Promise<LoadedChange> {
  const where = whereIdOrRef(idOrRef, "CHG");
  const which = "id" in where ? Prisma.sql`"id" = ${where.id}::uuid` : Prisma.sql`"ref" = ${where.ref}`;
  await tx.$queryRaw(Prisma.sql`SELECT 1 FROM "change_request" WHERE ${which} FOR NO KEY UPDATE`);
  return loadChange(tx, idOrRef, now, seen);
}

/**
 * Holds the row of a change that was read and measured before: a measuring keeps nobody waiting who wants to refuse it
 * or to break its glass. Throws `conflict` when its proposal has moved meanwhile.
 */
export async function lockMeasured(
  tx: Tx,
  { row }: LoadedChange,
  now: Date,
  seen?: string,
): Promise<LoadedChange> {
  const after = await lockChange(tx, row.id, now, seen);
  const isDraft = ({ status }: ChangeRow) => status === "draft";
  if (after.row.proposalDigest === row.proposalDigest && isDraft(after.row) === isDraft(row)) return after;
  throw new SluiceError("conflict", `${refOf(row)} moved while it was measured. Read it again, then decide.`);
}

/** Throws `stale` when the caller saw another revision than the one that stands. */
function assertSeen(change: LoadedChange, seen: string | undefined): void {
  if (seen === undefined || seen.replace(/^W\//, "") === revisionOf(change)) return;
  throw new SluiceError("stale", "The change is not the one that you saw. Read it again, then decide.");
}

/** The entity tag of a change: it is another after every edit, verdict, acceptance or move, and when its base moves. */
export function revisionOf({ row, currentVersion, quorum, standing }: LoadedChange): string {
  const seen = [
    row.status,
    row.proposalDigest.slice(7, 19),
    row.evidenceDigest?.slice(7, 19) ?? "-",
    row.scheduledFor?.getTime() ?? "-",
    `${row.baseVersion}-${currentVersion}`,
    `${quorum.filled.length}-${row.approvals.length}-${standing.unaccepted.length}`,
  ];
  return `"${seen.join(".")}"`;
}

/** What the row says of itself, for the calculations of `rules.ts`. */
export function standingOf(
  row: ChangeRow,
  {
    weight,
    governance,
    currentVersion,
    instated,
  }: { weight: Weight; governance: Governance; currentVersion: number; instated: readonly Instated[] },
): Standing {
  const riskOwnerId = row.useCase?.riskOwnerId ?? null;
  const askedByRiskOwner = riskOwnerId !== null && row.requestedById === riskOwnerId;
  const evidenceDigest = isOutdated(row) ? null : row.evidenceDigest;
  const held = { riskOwnerId, proposalDigest: row.proposalDigest, evidenceDigest };
  const unmet = readEvidence(row.evidence)?.readiness?.conditions.filter(({ met }) => !met) ?? [];
  return {
    ...held,
    seats: seatsFor(governance.seats, row.direction as Direction, weight, askedByRiskOwner),
    requestedById: row.requestedById,
    baseVersion: row.baseVersion,
    currentVersion,
    unaccepted: unacceptedOf(
      unmet.map(({ id }) => id),
      isOpen(row.status) ? row.acceptances.filter((one) => acceptsStill(one, instated)) : row.acceptances,
      held,
    ),
  };
}

/** Was an open change of a policy submitted before its evidence held readiness? */
function isOutdated({ status, useCase, evidence }: ChangeRow): boolean {
  return isOpen(status) && useCase !== null && readEvidence(evidence)?.readiness === null;
}

/** Until a change is closed, only the word of a risk owner who still is one counts, and not by the requester's favour. */
export function acceptsStill(
  { person }: Pick<ChangeRow["acceptances"][number], "person">,
  instated: readonly Instated[],
): boolean {
  return holdsSeat({ seat: "risk_owner", person }) && !isInstated(instated, person.id, "risk_owner");
}

/** Why the state does not allow the move: somebody else was first, or it is over. */
export function wrongState(row: { ref: number; status: ChangeStatus }, move: ChangeMove): SluiceError {
  const status = row.status.replace("_", " ");
  return new SluiceError(
    "conflict",
    `${refOf(row)} is ${status}: it is not open to ${move.replace("_", " ")}.`,
  );
}

/** Moves a change by its lifecycle, with what else is written; `conflict` when it is no longer as it was read. */
export async function moveTo(
  tx: Tx,
  row: ChangeRow,
  move: ChangeMove,
  data: Prisma.ChangeRequestUncheckedUpdateManyInput,
): Promise<void> {
  if (!mayMove(row.status, move)) throw wrongState(row, move);
  const moved = await tx.changeRequest.updateMany({
    where: {
      id: row.id,
      status: row.status,
      proposalDigest: row.proposalDigest,
      evidenceDigest: row.evidenceDigest,
    },
    data: { ...data, status: statusAfter(row.status, move) },
  });
  if (moved.count === 0) {
    throw new SluiceError(
      "conflict",
      `Somebody else was first: ${refOf(row)} has moved since you opened it.`,
    );
  }
}
