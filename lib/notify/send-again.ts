import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { SluiceError } from "@/lib/errors";
import { getWebhook } from "./delivery-queries";
import { lockEndpoint } from "./lock-endpoint";
import type { WebhookView } from "./views";

/** Puts a delivery that was given up on its way again, under the same `webhook-id` and with all its attempts. */
export async function sendAgain(ctx: Ctx, { id }: { id: string }): Promise<WebhookView> {
  requirePermission(ctx, "webhook:manage");
  const endpointId = await inTransaction(ctx, async (tx) => {
    const delivery = await tx.webhookDelivery.findUnique({ where: { id } });
    if (!delivery) throw new SluiceError("not_found", "There is no such delivery.");
    const endpoint = await lockEndpoint(tx, delivery.endpointId);
    if (endpoint.disabledAt !== null) {
      throw new SluiceError("conflict", "The webhook is disabled. Enable it first.");
    }
    const { count } = await tx.webhookDelivery.updateMany({
      where: { id, deadAt: { not: null } },
      data: { deadAt: null, attempts: 0, nextAttemptAt: ctx.now },
    });
    if (count === 0) throw new SluiceError("conflict", "Only what was given up is sent again.");
    await recordEntry(tx, ctx, {
      action: "webhook.sent_again",
      subject: { kind: "webhook", id: endpoint.id },
      detail: { delivery: id, type: delivery.type },
    });
    return endpoint.id;
  });
  return getWebhook(ctx, endpointId);
}
