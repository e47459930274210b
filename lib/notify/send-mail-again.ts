import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { ruleBroken, SluiceError } from "@/lib/errors";
import { getMailSettings } from "./delivery-queries";
import { assertMailConfigured } from "./mail-settings";
import type { MailSettingsView } from "./views";

/**
 * Puts a mail that was given up on its way again, under the same Message-ID and with all its attempts. Throws `conflict`
 * for one that was not given up, `rule` when its person is deactivated or no mail server is configured.
 */
export async function sendMailAgain(ctx: Ctx, { id }: { id: string }): Promise<MailSettingsView> {
  requirePermission(ctx, "mail:manage");
  assertMailConfigured();
  await inTransaction(ctx, async (tx) => {
    const mail = await tx.mailDelivery.findUnique({
      where: { id },
      select: { kind: true, person: { select: { name: true, deactivatedAt: true } } },
    });
    if (!mail) throw new SluiceError("not_found", "There is no such mail.");
    const { kind, person } = mail;
    if (person.deactivatedAt !== null) {
      throw ruleBroken("person-active", `${person.name} is deactivated and is not written to.`);
    }
    const { count } = await tx.mailDelivery.updateMany({
      where: { id, deadAt: { not: null } },
      data: { deadAt: null, attempts: 0, nextAttemptAt: ctx.now },
    });
    if (count === 0) throw new SluiceError("conflict", "Only what was given up is sent again.");
    await recordEntry(tx, ctx, {
      action: "mail.sent_again",
      subject: { kind: "mail", id },
      detail: { to: person.name, kind },
    });
  });
  return getMailSettings(ctx);
}
