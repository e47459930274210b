import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getWebhook } from "./delivery-queries";
import { lockEndpoint } from "./lock-endpoint";
import { consoleUrl } from "./mail-settings";
import type { WebhookView } from "./views";

/** Puts a test event on its way to an endpoint, the way that every event goes. */
export async function sendTestEvent(ctx: Ctx, { id }: { id: string }): Promise<WebhookView> {
  requirePermission(ctx, "webhook:manage");
  await inTransaction(ctx, async (tx) => {
    const { disabledAt } = await lockEndpoint(tx, id);
    if (disabledAt !== null) throw new SluiceError("conflict", "The webhook is disabled. Enable it first.");
    const deliveryId = uuidv7();
    const payload = {
      type: "webhook.test",
      timestamp: ctx.now.toISOString(),
      data: { link: `${consoleUrl()}/settings/webhooks` },
    };
    await tx.webhookDelivery.create({
      data: {
        id: deliveryId,
        endpointId: id,
        key: `test ${deliveryId}`,
        type: payload.type,
        payload: JSON.stringify(payload),
        createdAt: ctx.now,
        nextAttemptAt: ctx.now,
      },
    });
    await recordEntry(tx, ctx, { action: "webhook.tested", subject: { kind: "webhook", id } });
  });
  return getWebhook(ctx, id);
}
