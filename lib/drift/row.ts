import type { PersonActor } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import { whereIdOrRef } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import { relationIn, toUseCaseRef, USE_CASE_REF } from "@/lib/use-cases/refs";
import { INCIDENT_ACTIONS, mayMove } from "./lifecycle";
import type { DriftDimension } from "./rules";
import type { IncidentView } from "./views";

/** An incident with everyone who stands on it. */
export const INCIDENT = {
  include: {
    useCase: {
      select: { ...USE_CASE_REF.select, riskOwnerId: true, members: { select: { personId: true } } },
    },
    markedBy: PERSON_REF,
    closedBy: PERSON_REF,
  },
} as const satisfies Prisma.IncidentDefaultArgs;

export type IncidentRow = Prisma.IncidentGetPayload<typeof INCIDENT>;

/** `INC-3`. */
export function refOf({ ref }: { ref: number }): string {
  return `INC-${ref}`;
}

/** An incident by id or by reference (`INC-3`); `not_found` when there is none. */
export async function getIncidentRow(db: Db | Tx, idOrRef: string): Promise<IncidentRow> {
  const row = await db.incident.findUnique({ where: whereIdOrRef(idOrRef, "INC"), ...INCIDENT });
  if (!row) throw new SluiceError("not_found", `There is no incident "${idOrRef}".`);
  return row;
}

/** The view of an incident, with the moves that its state allows and whether this viewer may make them. */
export function toIncidentView(row: IncidentRow, viewer: PersonActor): IncidentView {
  const allowed = can(viewer, "drift:mark", relationIn(row.useCase, viewer.id));
  return {
    id: row.id,
    ref: refOf(row),
    useCase: toUseCaseRef(row.useCase),
    dimension: row.dimension as DriftDimension,
    value: row.value,
    n: Number(row.n),
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    workloads: row.workloads,
    note: row.note,
    markedBy: row.markedBy,
    markedAt: row.markedAt.toISOString(),
    status: row.status,
    closedBy: row.closedBy,
    closedAt: row.closedAt?.toISOString() ?? null,
    closingNote: row.closingNote,
    actions: INCIDENT_ACTIONS.filter((name) => mayMove(row.status, name)).map((name) => ({
      name,
      allowed,
      why: allowed ? null : "Its owners and security leads close an incident.",
    })),
  };
}
