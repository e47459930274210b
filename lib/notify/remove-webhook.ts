import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getWebhook } from "./delivery-queries";
import { lockEndpoint } from "./lock-endpoint";
import type { WebhookView } from "./views";

/** Ends an endpoint: its secrets are deleted, what waited is given up, what was delivered stays visible. */
export async function removeWebhook(ctx: Ctx, { id }: { id: string }): Promise<WebhookView> {
  requirePermission(ctx, "webhook:manage");
  await inTransaction(ctx, async (tx) => {
    const { url } = await lockEndpoint(tx, id);
    await tx.webhookEndpoint.update({
      where: { id },
      data: { removedAt: ctx.now, secret: null, previousSecret: null, previousUntil: null },
    });
    await tx.webhookDelivery.updateMany({
      where: { endpointId: id, nextAttemptAt: { not: null } },
      data: { deadAt: ctx.now, nextAttemptAt: null, problem: "The webhook was removed." },
    });
    await recordEntry(tx, ctx, {
      action: "webhook.removed",
      subject: { kind: "webhook", id },
      detail: { url },
    });
  });
  return getWebhook(ctx, id);
}
