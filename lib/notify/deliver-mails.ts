import type { Ctx } from "@/lib/access/context";
import { composeMail, type MailItem } from "./mail-text";
import { Queues, readPeople } from "./queues";
import { retryDelayMs } from "./rules";
import { type Mailer, mailProblem } from "./send-mail";

type JobCtx = Pick<Ctx, "db" | "now">;

/** A worker that dies with a mail in hand leaves it to the next one after this long (milliseconds). */
const LEASE_MS = 120_000;
const AT_ONCE = 10;
/** A mail that left later than this (milliseconds) after it was made is looked at again: does anything in it still wait? */
const FRESH_MS = 60_000;

interface Claimed {
  id: string;
  personId: string;
  createdAt: Date;
  subject: string;
  attempts: number;
  email: string;
  active: boolean;
}

/**
 * Sends the mails that are due, and writes down what came of each: sent, tried again later, or given up. A mail whose
 * worker dies between sending and writing is sent again under the same Message-ID. False when none was due.
 */
export async function deliverMails(
  ctx: JobCtx,
  mailer: Mailer,
  { baseUrl, chance = Math.random }: { baseUrl: string; chance?: () => number },
): Promise<boolean> {
  const claimed = await claim(ctx);
  await Promise.all(claimed.map((mail) => deliver(ctx, mailer, mail, baseUrl, chance)));
  return claimed.length > 0;
}

function claim({ db, now }: JobCtx): Promise<Claimed[]> {
  const until = new Date(now.getTime() + LEASE_MS);
  return db.$queryRaw<Claimed[]>`
    UPDATE mail_delivery m SET attempts = m.attempts + 1, next_attempt_at = ${until}
    FROM person p
    WHERE p.id = m.person_id AND m.id IN (
      SELECT id FROM mail_delivery WHERE next_attempt_at <= ${now}
      ORDER BY next_attempt_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
    RETURNING m.id, m.person_id AS "personId", m.created_at AS "createdAt", m.subject, m.attempts, p.email, p.deactivated_at IS NULL AS active`;
}

async function deliver(
  { db, now }: JobCtx,
  mailer: Mailer,
  mail: Claimed,
  baseUrl: string,
  chance: () => number,
): Promise<void> {
  const { id, subject, attempts, email, active } = mail;
  const end = (data: {
    sentAt?: Date;
    deadAt?: Date;
    nextAttemptAt?: Date | null;
    problem?: string | null;
  }) => db.mailDelivery.updateMany({ where: { id, attempts }, data });
  if (!active) {
    await end({ deadAt: now, nextAttemptAt: null, problem: "The person is deactivated." });
    return;
  }
  const items = await db.notification.findMany({
    where: { mailDeliveryId: id },
    orderBy: { id: "asc" },
    select: { kind: true, topic: true, title: true, href: true },
  });
  if (await isOver({ db, now }, mail, items)) {
    await end({ deadAt: now, nextAttemptAt: null, problem: "What it told of waits no longer." });
    return;
  }
  try {
    await mailer.send(email, composeMail(items, { subject, baseUrl }), id);
    await end({ sentAt: now, nextAttemptAt: null, problem: null });
  } catch (error) {
    const { problem, permanent } = mailProblem(error);
    const wait = permanent ? null : retryDelayMs("mail", attempts, chance());
    await end(
      wait === null
        ? { deadAt: now, nextAttemptAt: null, problem }
        : { nextAttemptAt: new Date(now.getTime() + wait), problem },
    );
  }
}

/** Is there nothing left to do of all that an older mail asks for? It would send its reader to what others have done. */
async function isOver(
  { db, now }: JobCtx,
  { personId, createdAt }: Claimed,
  items: readonly (MailItem & { topic: string })[],
): Promise<boolean> {
  const asksAlone = items.length > 0 && items.every(({ kind }) => kind === "waiting");
  if (!asksAlone || now.getTime() - createdAt.getTime() <= FRESH_MS) return false;
  const person = (await readPeople(db)).find((one) => one.id === personId);
  if (!person) return false;
  const queues = new Queues(db, now);
  for (const item of items) if (await queues.stillWaits(item, person)) return false;
  return true;
}
