import { uuidv7 } from "uuidv7";
import type { Ctx } from "@/lib/access/context";
import { LOCKS } from "@/lib/db/locks";
import type { Prisma, Tx } from "@/lib/db/prisma";
import { type Person, Queues, readPeople, WAITS_AS } from "./queues";
import { choiceFor, concerned, TOPICS, type Topic } from "./rules";
import type { MailChoice } from "./schema";
import type { Subject } from "./subjects";
import { titleOf } from "./words";

/** Something that happened, or is due, and that people may have to be told of. */
export interface Occasion {
  /** What made it: of equal ones about a thing each person is told once. */
  key: string;
  /** As webhooks name it: an audit action, or a milestone in the same form. */
  type: string;
  /** A person hears the first of these that concerns them. */
  topics: readonly Topic[];
  subject: Subject;
  at: Date;
  /** Who did it, and is not told. */
  actorId: string | null;
  /** Named by the entry itself, such as reviewers who were asked. */
  namedIds?: readonly string[];
  days?: number;
  day?: string;
}

export interface TellingOptions {
  /** Is there a way to send mail? Without, nothing is kept for later. */
  mail: boolean;
  /** Where the console is reached, for links outside of it. */
  baseUrl: string;
}

/**
 * Takes the turn to tell, until the transaction ends: one at a time, however many jobs there are. False when another
 * has it.
 */
export async function takeTurn(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<
    { got: boolean }[]
  >`SELECT pg_try_advisory_xact_lock(${LOCKS.notify}) AS got`;
  return row?.got ?? false;
}

/**
 * Who is told of these occasions, and of what. It looks into what waits on each of many people, which takes its time: so it
 * is done before the turn is taken, and only what comes of it is written in the turn.
 */
export async function prepareTelling(
  ctx: Pick<Ctx, "db" | "now">,
  occasions: readonly Occasion[],
): Promise<Telling> {
  if (occasions.length === 0) return { occasions, notices: [] };
  const people = await readPeople(ctx.db);
  const queues = new Queues(ctx.db, ctx.now);
  const notices: Notice[] = [];
  for (const occasion of occasions) notices.push(...(await noticesOf(occasion, people, queues)));
  return { occasions, notices };
}

/**
 * Writes what people and webhooks are told. What was told before is not told again. Returns how many notices and events
 * are new.
 */
export async function tell(
  tx: Tx,
  now: Date,
  { occasions, notices }: Telling,
  options: TellingOptions,
): Promise<number> {
  if (occasions.length === 0) return 0;
  const told = await writeNotices(tx, now, notices, options);
  return told + (await writeEvents(tx, now, occasions, options));
}

/** What is to be written. */
export interface Telling {
  occasions: readonly Occasion[];
  notices: readonly Notice[];
}

interface Notice {
  personId: string;
  topic: Topic;
  occasion: Occasion;
}

async function noticesOf(occasion: Occasion, people: readonly Person[], queues: Queues): Promise<Notice[]> {
  const told = new Map<string, Notice>();
  for (const topic of occasion.topics) {
    const { subject, actorId, namedIds = [] } = occasion;
    const waitsAs = WAITS_AS[topic];
    const onWhomItWaits = waitsAs
      ? await queues.onWhomItWaits(waitsAs, subject.href, subject.standing, people)
      : subject.standing.onWhomItWaits;
    const standing = {
      ...subject.standing,
      onWhomItWaits,
      namedIds: [...subject.standing.namedIds, ...namedIds],
    };
    for (const personId of concerned(topic, standing, people, actorId)) {
      if (!told.has(personId)) told.set(personId, { personId, topic, occasion });
    }
  }
  return [...told.values()];
}

async function writeNotices(
  tx: Tx,
  now: Date,
  notices: readonly Notice[],
  { mail }: TellingOptions,
): Promise<number> {
  const chosen = await readChoices(tx, [...new Set(notices.map(({ personId }) => personId))]);
  const data = notices.flatMap(({ personId, topic, occasion }): Prisma.NotificationCreateManyInput[] => {
    const { kind } = TOPICS[topic];
    const choice = choiceFor(kind, chosen.get(`${personId} ${kind}`));
    const byMail = mail ? choice.mail : "off";
    if (!choice.inbox && byMail === "off") return [];
    const { subject, days, day } = occasion;
    return [
      {
        id: uuidv7(),
        personId,
        key: `${subject.kind}:${subject.id}:${occasion.key}`,
        kind,
        topic,
        subjectKind: subject.kind,
        subjectId: subject.id,
        ref: subject.ref,
        useCase: subject.useCase,
        title: titleOf(topic, { ref: subject.called ?? subject.ref, about: subject.about, days, day }),
        href: subject.href,
        at: occasion.at,
        createdAt: now,
        inInbox: choice.inbox,
        mail: byMail,
      },
    ];
  });
  if (data.length === 0) return 0;
  return (await tx.notification.createMany({ data, skipDuplicates: true })).count;
}

async function readChoices(tx: Tx, personIds: string[]) {
  const rows = await tx.notificationPreference.findMany({ where: { personId: { in: personIds } } });
  return new Map(
    rows.map(({ personId, kind, mail, inbox }) => [
      `${personId} ${kind}`,
      { mail: mail as MailChoice, inbox },
    ]),
  );
}

async function writeEvents(
  tx: Tx,
  now: Date,
  occasions: readonly Occasion[],
  { baseUrl }: TellingOptions,
): Promise<number> {
  const endpoints = await tx.webhookEndpoint.findMany({ where: { removedAt: null, disabledAt: null } });
  const data = endpoints.flatMap((endpoint) =>
    occasions
      .filter((occasion) => wants(endpoint, occasion))
      .map((occasion) => ({
        id: uuidv7(),
        endpointId: endpoint.id,
        key: `${occasion.subject.kind}:${occasion.subject.id}:${occasion.key}`,
        type: occasion.type,
        payload: JSON.stringify(eventOf(occasion, baseUrl)),
        createdAt: now,
        nextAttemptAt: now,
      })),
  );
  if (data.length === 0) return 0;
  return (await tx.webhookDelivery.createMany({ data, skipDuplicates: true })).count;
}

function wants(endpoint: { kinds: string[]; useCases: string[] }, { topics, subject }: Occasion): boolean {
  const ofKind =
    endpoint.kinds.length === 0 || topics.some((topic) => endpoint.kinds.includes(TOPICS[topic].kind));
  const { useCase } = subject;
  return (
    ofKind && (endpoint.useCases.length === 0 || (useCase !== null && endpoint.useCases.includes(useCase)))
  );
}

/** What a webhook is told: references and a link, nothing that anybody wrote. */
function eventOf({ type, at, topics, subject, days }: Occasion, baseUrl: string) {
  return {
    type,
    timestamp: at.toISOString(),
    data: {
      kinds: [...new Set(topics.map((topic) => TOPICS[topic].kind))],
      subject: { kind: subject.kind, id: subject.id, ref: subject.ref },
      useCase: subject.useCase,
      ...(days === undefined ? {} : { days }),
      link: `${baseUrl}${subject.href}`,
    },
  };
}
