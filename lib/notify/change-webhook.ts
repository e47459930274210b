import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getWebhook } from "./delivery-queries";
import { lockEndpoint } from "./lock-endpoint";
import type { ChangeWebhookInput } from "./schema";
import type { WebhookView } from "./views";
import { assertDeliverable } from "./webhook-address";

/**
 * Changes where an endpoint is, what it hears of, and whether it hears at all. While it is disabled nothing is kept for
 * it; what waited before goes out when it is enabled again.
 */
export async function changeWebhook(
  ctx: Ctx,
  { id, enabled, ...input }: ChangeWebhookInput & { id: string },
): Promise<WebhookView> {
  const { name } = requirePermission(ctx, "webhook:manage");
  await assertDeliverable(ctx.db, input);
  await inTransaction(ctx, async (tx) => {
    const before = await lockEndpoint(tx, id);
    const disabled = { disabledAt: ctx.now, disabledReason: `Disabled by ${name}.` };
    await tx.webhookEndpoint.update({
      where: { id },
      data: {
        ...input,
        ...(enabled ? { disabledAt: null, disabledReason: null } : before.disabledAt ? {} : disabled),
      },
    });
    await recordEntry(tx, ctx, {
      action: "webhook.changed",
      subject: { kind: "webhook", id },
      detail: { ...input, enabled, urlBefore: before.url },
    });
  });
  return getWebhook(ctx, id);
}
