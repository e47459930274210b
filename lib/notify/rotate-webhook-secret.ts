import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getWebhook } from "./delivery-queries";
import { lockEndpoint } from "./lock-endpoint";
import type { NewSecretView } from "./views";
import { mintWebhookSecret, OVERLAP_MS } from "./webhook-secret";

/** Gives an endpoint a new secret, shown this once; for a day the one before signs beside it. */
export async function rotateWebhookSecret(ctx: Ctx, { id }: { id: string }): Promise<NewSecretView> {
  requirePermission(ctx, "webhook:manage");
  const { secret, sealed } = mintWebhookSecret(id);
  await inTransaction(ctx, async (tx) => {
    const before = await lockEndpoint(tx, id);
    const previousUntil = new Date(ctx.now.getTime() + OVERLAP_MS);
    await tx.webhookEndpoint.update({
      where: { id },
      data: { secret: sealed, previousSecret: before.secret, previousUntil },
    });
    await recordEntry(tx, ctx, {
      action: "webhook.changed",
      subject: { kind: "webhook", id },
      detail: { secret: "rotated", previousUntil: previousUntil.toISOString() },
    });
  });
  return { ...(await getWebhook(ctx, id)), secret };
}
