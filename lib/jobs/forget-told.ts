import type { Db } from "@/lib/db/prisma";

const DAY_MS = 86_400_000;
/** What was told is in the audit log; the inbox keeps it so long. */
const NOTICES_KEPT_MS = 180 * DAY_MS;
/** Mails and calls that are done with, sent or given up. */
const DELIVERIES_KEPT_MS = 30 * DAY_MS;

/** Forgets old notices, and deliveries that are done with. Returns how many rows. */
export async function forgetTold(db: Db, now: Date): Promise<number> {
  const notices = new Date(now.getTime() - NOTICES_KEPT_MS);
  const deliveries = new Date(now.getTime() - DELIVERIES_KEPT_MS);
  const gone = await db.$transaction([
    db.notification.deleteMany({ where: { createdAt: { lt: notices } } }),
    // Without its delivery it would wait to be mailed again.
    db.notification.updateMany({
      where: { mailDelivery: { createdAt: { lt: deliveries }, nextAttemptAt: null } },
      data: { mailDeliveryId: null, mail: "off" },
    }),
    db.mailDelivery.deleteMany({ where: { createdAt: { lt: deliveries }, nextAttemptAt: null } }),
    db.webhookDelivery.deleteMany({ where: { createdAt: { lt: deliveries }, nextAttemptAt: null } }),
  ]);
  return gone.reduce((sum, { count }, index) => sum + (index === 1 ? 0 : count), 0);
}
