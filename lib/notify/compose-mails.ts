import { uuidv7 } from "uuidv7";
import type { Ctx } from "@/lib/access/context";
import type { Prisma, Tx } from "@/lib/db/prisma";
import { mailSubject } from "./mail-text";
import { Queues, readPeople } from "./queues";
import { FLOOD, floodPlan, lastDigestAt } from "./rules";
import { takeTurn } from "./tell";

type JobCtx = Pick<Ctx, "db" | "now">;
type Row = Prisma.NotificationGetPayload<object>;

/** Notices read in one turn; the rest follow in the next. */
const BATCH = 1_000;

/**
 * Puts the notices that want a mail into mails: at once, one each, or together when there are many of a kind; daily ones
 * into the digest of the morning. What no longer waits on anybody, or was read before the digest, needs none.
 * False when there was nothing to do, or another has the turn.
 */
export async function composeMails(ctx: JobCtx): Promise<boolean> {
  const found = await readUnmailed(ctx);
  if (found.length === 0) return false;
  const over = new Set((await withoutNeed(ctx, found)).map(({ id }) => id));
  return ctx.db.$transaction(
    async (tx) => {
      if (!(await takeTurn(tx))) return false;
      const rows = await stillUnmailed(tx, found);
      const ended = rows.filter(({ id }) => over.has(id)).map(({ id }) => id);
      await tx.notification.updateMany({ where: { id: { in: ended } }, data: { mail: "off" } });
      let mailed = ended.length;
      const due = rows.filter(({ id }) => !over.has(id));
      for (const group of grouped(due)) mailed += await mailGroup(tx, ctx.now, group);
      return mailed > 0;
    },
    { maxWait: 5_000, timeout: 60_000 },
  );
}

/** The oldest of them, without those that wait because their person got as many mails of the kind as may be. */
async function readUnmailed({ db, now }: JobCtx): Promise<Row[]> {
  const since = new Date(now.getTime() - FLOOD.windowMs);
  const sent = await db.mailDelivery.groupBy({
    by: ["personId", "kind"],
    where: { createdAt: { gt: since } },
    having: { personId: { _count: { gte: FLOOD.mails } } },
  });
  return db.notification.findMany({
    where: {
      mailDeliveryId: null,
      OR: [
        { mail: "at_once", NOT: sent.map(({ personId, kind }) => ({ personId, kind })) },
        { mail: "daily", createdAt: { lt: lastDigestAt(now) } },
      ],
    },
    orderBy: { id: "asc" },
    take: BATCH,
  });
}

/** Those of them that nobody has put into a mail since they were read. */
async function stillUnmailed(tx: Tx, found: readonly Row[]): Promise<Row[]> {
  const rows = await tx.notification.findMany({
    where: { id: { in: found.map(({ id }) => id) }, mailDeliveryId: null, mail: { not: "off" } },
    select: { id: true },
  });
  const ids = new Set(rows.map(({ id }) => id));
  return found.filter(({ id }) => ids.has(id));
}

/** Those that need no mail any more. */
async function withoutNeed(ctx: JobCtx, rows: readonly Row[]): Promise<Row[]> {
  const people = new Map((await readPeople(ctx.db)).map((person) => [person.id, person]));
  const queues = new Queues(ctx.db, ctx.now);
  const over: Row[] = [];
  for (const row of rows) {
    const person = people.get(row.personId);
    const wanted =
      person !== undefined &&
      !(row.mail === "daily" && row.readAt !== null) &&
      (await queues.stillWaits(row, person));
    if (!wanted) over.push(row);
  }
  return over;
}

interface Group {
  personId: string;
  /** A kind, or `digest`. */
  kind: string;
  rows: Row[];
}

function grouped(rows: readonly Row[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const kind = row.mail === "daily" ? "digest" : row.kind;
    const key = `${row.personId} ${kind}`;
    const group = groups.get(key) ?? { personId: row.personId, kind, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Returns how many mails it made. */
async function mailGroup(tx: Tx, now: Date, { personId, kind, rows }: Group): Promise<number> {
  if (kind === "digest") return makeMail(tx, now, { personId, kind, rows });
  const since = new Date(now.getTime() - FLOOD.windowMs);
  const sent = await tx.mailDelivery.count({ where: { personId, kind, createdAt: { gt: since } } });
  const plan = floodPlan(rows.length, sent);
  if (plan === "later") return 0;
  if (plan === "together") return makeMail(tx, now, { personId, kind, rows });
  for (const row of rows) await makeMail(tx, now, { personId, kind, rows: [row] });
  return rows.length;
}

async function makeMail(tx: Tx, now: Date, { personId, kind, rows }: Group): Promise<number> {
  const id = uuidv7();
  await tx.mailDelivery.create({
    data: {
      id,
      personId,
      kind,
      subject: mailSubject(rows, kind === "digest"),
      createdAt: now,
      nextAttemptAt: now,
    },
  });
  await tx.notification.updateMany({
    where: { id: { in: rows.map((row) => row.id) } },
    data: { mailDeliveryId: id },
  });
  return 1;
}
