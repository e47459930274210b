import type { Ctx } from "@/lib/access/context";
import { composeMail } from "./mail-text";
import { retryDelayMs } from "./rules";
import { type Mailer, mailProblem } from "./send-mail";

type JobCtx = Pick<Ctx, "db" | "now">;

/** A worker that dies with a mail in hand leaves it to the next one after this long (milliseconds). */
const LEASE_MS = 120_000;
const AT_ONCE = 10;

interface Claimed {
  id: string;
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
    RETURNING m.id, m.subject, m.attempts, p.email, p.deactivated_at IS NULL AS active`;
}

async function deliver(
  { db, now }: JobCtx,
  mailer: Mailer,
  { id, subject, attempts, email, active }: Claimed,
  baseUrl: string,
  chance: () => number,
): Promise<void> {
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
    select: { kind: true, title: true, href: true },
  });
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
