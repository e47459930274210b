import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { DATA_CLASSES, type DataClass } from "@/lib/policy/vocabulary";
import { SUBMITTED_STATUSES } from "./lifecycle";
import { CHANGE, type ChangeRow, type LoadedChange, refOf, subjectOf } from "./row";
import type { CollisionView } from "./views";

/**
 * Other changes that are submitted and not closed, of the same thing, or of the floor under it, or of a policy above
 * it; with the fields that both move. Of two changes of one thing the second to be applied must be rebased.
 */
export async function readCollisions(db: Db | Tx, change: LoadedChange): Promise<CollisionView[]> {
  const where = neighbours(change.row);
  if (
    where === null ||
    !(SUBMITTED_STATUSES as readonly string[]).concat("draft").includes(change.row.status)
  ) {
    return [];
  }
  const rows = await db.changeRequest.findMany({
    where: { AND: [where, { id: { not: change.row.id }, status: { in: [...SUBMITTED_STATUSES] } }] },
    orderBy: { ref: "asc" },
    ...CHANGE,
  });
  const mine = new Set(change.subject.shape.moved(change.base, change.proposal));
  return Promise.all(rows.map((row) => toCollision(db, row, change, mine)));
}

function neighbours(row: ChangeRow): Prisma.ChangeRequestWhereInput | null {
  if (row.useCase) {
    return { OR: [{ useCaseId: row.useCase.id }, { subject: "floor", subjectKey: row.useCase.dataClass }] };
  }
  const same = { subject: row.subject, subjectKey: row.subjectKey };
  const dataClass = DATA_CLASSES.find((one) => one === row.subjectKey) as DataClass | undefined;
  return row.subject === "floor" && dataClass ? { OR: [same, { useCase: { dataClass } }] } : same;
}

async function toCollision(
  db: Db | Tx,
  row: ChangeRow,
  change: LoadedChange,
  mine: ReadonlySet<string>,
): Promise<CollisionView> {
  const subject = subjectOf(row);
  const base = await subject.read(db, row.baseVersion);
  const moved = subject.shape.moved(base, subject.parse(row.proposal));
  return {
    id: row.id,
    ref: refOf(row),
    status: row.status,
    subject: { kind: subject.kind, key: subject.key, title: subject.title },
    sameThing: subject.kind === change.subject.kind,
    fields: moved.filter((path) => mine.has(path)).map((path) => subject.shape.title(path)),
  };
}
