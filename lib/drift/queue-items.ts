import type { PersonActor } from "@/lib/access/context";
import { can } from "@/lib/access/permissions";
import type { Db } from "@/lib/db/prisma";
import type { QueueItem } from "@/lib/telemetry/views";
import { relationIn, toUseCaseRef } from "@/lib/use-cases/refs";
import { findWindow } from "./count-facts";
import { type DriftStanding, readDrift, readWatched, type UseCaseDrift } from "./read-drift";
import { USUAL_DAYS } from "./schema";

const NAMED = 3;

/** Undeclared values that wait for an answer, of each use case that is given; none where nothing waits. */
export async function readWaitingDrift(
  db: Db,
  useCaseIds: readonly string[],
  now: Date,
): Promise<{ drift: UseCaseDrift; waiting: DriftStanding[] }[]> {
  const watched = await readWatched(db, { id: { in: [...useCaseIds] } }, now);
  const window = await findWindow(db, USUAL_DAYS, now);
  const drifts = await readDrift(db, watched, window, now, "seen");
  return drifts
    .map((drift) => ({ drift, waiting: drift.values.filter(({ state }) => state === "waiting") }))
    .filter(({ waiting }) => waiting.length > 0);
}

/** One line for each use case that the person owns (or its risk) in whose traffic undeclared values wait for an answer. */
export async function readDriftItems(db: Db, person: PersonActor, now: Date): Promise<QueueItem[]> {
  const owned = await db.useCase.findMany({
    where: { OR: [{ riskOwnerId: person.id }, { members: { some: { personId: person.id } } }] },
    select: { id: true, riskOwnerId: true, members: { select: { personId: true } } },
  });
  const mine = owned.filter((useCase) => can(person, "drift:mark", relationIn(useCase, person.id)));
  const ids = mine.map(({ id }) => id);
  if (ids.length === 0) return [];
  return (await readWaitingDrift(db, ids, now)).map(({ drift: { useCase }, waiting }): QueueItem => {
    const named = waiting.slice(0, NAMED).map(({ value }) => value);
    const more = waiting.length > NAMED ? ` and ${waiting.length - NAMED} more` : "";
    return {
      kind: "drift",
      id: useCase.id,
      ref: waiting.length === 1 ? "of one value" : `of ${waiting.length} values`,
      useCase: toUseCaseRef(useCase),
      direction: null,
      summary: `${named.join(", ")}${more}`,
      requestedBy: "traffic",
      since: new Date(Math.min(...waiting.map(({ first }) => first.getTime()))).toISOString(),
      dueAt: null,
      href: `/telemetry/drift?useCase=${useCase.slug}`,
    };
  });
}
