import type { PersonActor } from "@/lib/access/context";
import type { Db } from "@/lib/db/prisma";
import { readQueue } from "@/lib/telemetry/read-queue";
import type { QueueKind } from "@/lib/telemetry/views";
import { type Reader, type Standing, TOPICS, type Topic } from "./rules";

/**
 * The items of the overview's queue that stand for a topic: what waits there, under the same address, is what people are
 * told of here.
 */
export const WAITS_AS: Partial<Record<Topic, readonly QueueKind[]>> = {
  change_approval: ["change_approval", "change_acceptance"],
  change_overdue: ["change_approval", "change_acceptance"],
  change_apply: ["change_apply"],
  change_rebase: ["change_rebase"],
  change_review: ["change_review"],
  change_review_due: ["change_review"],
  /** Somebody who was asked to look and has a seat waits with the seat. */
  change_look: ["change_look", "change_approval", "change_acceptance"],
  exception_approval: ["exception_approval"],
  exception_overdue: ["exception_approval"],
  exception_review: ["exception_review"],
  exception_review_overdue: ["exception_review"],
  exception_suspended: ["exception_review"],
  exception_reassignment: ["exception_reassignment"],
  campaign: ["campaign_item"],
  held_request: ["held_request"],
  appeal: ["appeal"],
};

/** The same for those topics alone that are of something to do. */
export const WAITING_AS: Record<string, readonly QueueKind[]> = Object.fromEntries(
  Object.entries(WAITS_AS).filter(([topic]) => TOPICS[topic as Topic].kind === "waiting"),
);

/** Addresses of what waits on a person, by the kind of the queue's items. */
export async function readWaiting(
  db: Db,
  person: PersonActor,
  now: Date,
): Promise<Map<QueueKind, Set<string>>> {
  const waiting = new Map<QueueKind, Set<string>>();
  for (const { kind, href } of await readQueue(db, person, now, { withDrift: false })) {
    waiting.set(kind, (waiting.get(kind) ?? new Set()).add(href));
  }
  return waiting;
}

/** Somebody who may be told. */
export interface Person extends Reader {
  name: string;
  email: string;
}

/** Everybody who may be told of anything: active, with a role. */
export async function readPeople(db: Db): Promise<Person[]> {
  const rows = await db.person.findMany({
    where: { deactivatedAt: null, roles: { some: {} } },
    select: { id: true, name: true, email: true, roles: { select: { role: true } } },
    orderBy: { id: "asc" },
  });
  return rows.map(({ roles, ...person }) => ({
    ...person,
    active: true,
    roles: roles.map(({ role }) => role),
  }));
}

/** What waits on people at one instant, asked once for each person. */
export class Queues {
  private readonly known = new Map<string, Promise<Set<string>>>();

  constructor(
    private readonly db: Db,
    private readonly now: Date,
  ) {}

  /** Ids of those on whom the thing waits, of the people who could have to do with it. */
  async onWhomItWaits(
    kinds: readonly QueueKind[],
    href: string,
    standing: Standing,
    people: readonly Person[],
  ): Promise<string[]> {
    const waiting: string[] = [];
    for (const person of people.filter((one) => couldHaveToDoWith(one, standing))) {
      if (await this.has(person, kinds, href)) waiting.push(person.id);
    }
    return waiting;
  }

  /** False for a notice of something to do that waits on the person no longer. */
  async stillWaits(notice: { topic: string; href: string }, person: Person): Promise<boolean> {
    const waitsAs = WAITING_AS[notice.topic];
    return waitsAs === undefined || this.has(person, waitsAs, notice.href);
  }

  private async has(person: Person, kinds: readonly QueueKind[], href: string): Promise<boolean> {
    const waiting = await this.of(person);
    return kinds.some((kind) => waiting.has(`${kind} ${href}`));
  }

  private of(person: Person): Promise<Set<string>> {
    const known = this.known.get(person.id);
    if (known) return known;
    const actor: PersonActor = { kind: "person", sessionId: null, ...person };
    const asked = readQueue(this.db, actor, this.now, { withDrift: false }).then(
      (items) => new Set(items.map(({ kind, href }) => `${kind} ${href}`)),
    );
    this.known.set(person.id, asked);
    return asked;
  }
}

/** Spares a look into the queue of people who cannot stand to it at all. */
function couldHaveToDoWith(person: Person, standing: Standing): boolean {
  const named = [
    ...standing.requesterIds,
    standing.businessOwnerId,
    ...standing.riskOwnerIds,
    ...standing.applicationOwnerIds,
    ...standing.namedIds,
  ];
  return (
    person.roles.some((role) => role === "security_lead" || role === "risk_owner") ||
    named.includes(person.id)
  );
}
