import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getMailSettings } from "./delivery-queries";
import { assertMailConfigured } from "./mail-settings";
import { mailSubject } from "./mail-text";
import type { MailSettingsView } from "./views";

/** Puts a test mail to the admin who asks on its way, the way that every mail goes. */
export async function sendTestMail(ctx: Ctx): Promise<MailSettingsView> {
  const { id: personId, name } = requirePermission(ctx, "mail:manage");
  assertMailConfigured();
  await inTransaction(ctx, async (tx) => {
    const id = uuidv7();
    await tx.mailDelivery.create({
      data: {
        id,
        personId,
        kind: "test",
        subject: mailSubject([], false),
        createdAt: ctx.now,
        nextAttemptAt: ctx.now,
      },
    });
    await recordEntry(tx, ctx, {
      action: "mail.tested",
      subject: { kind: "mail", id },
      detail: { to: name },
    });
  });
  return getMailSettings(ctx);
}
