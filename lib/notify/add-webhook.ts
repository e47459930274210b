import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { recordEntry } from "@/lib/audit/record";
import { getWebhook } from "./delivery-queries";
import type { AddWebhookInput } from "./schema";
import type { NewSecretView } from "./views";
import { assertDeliverable } from "./webhook-address";
import { mintWebhookSecret } from "./webhook-secret";

/** Adds an endpoint; its secret is in the answer and never shown again. It hears of what happens from now on. */
export async function addWebhook(ctx: Ctx, input: AddWebhookInput): Promise<NewSecretView> {
  requirePermission(ctx, "webhook:manage");
  const { url, kinds, useCases } = input;
  await assertDeliverable(ctx.db, input);
  const id = uuidv7();
  const { secret, sealed } = mintWebhookSecret(id);
  await inTransaction(ctx, async (tx) => {
    await tx.webhookEndpoint.create({
      data: { id, url, kinds, useCases, secret: sealed, createdAt: ctx.now },
    });
    await recordEntry(tx, ctx, {
      action: "webhook.added",
      subject: { kind: "webhook", id },
      detail: { url, kinds, useCases },
    });
  });
  return { ...(await getWebhook(ctx, id)), secret };
}
