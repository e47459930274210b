import { createCanaries } from "@/lib/access/canary";
import { type Ctx, inTransaction } from "@/lib/access/context";
import { installationSecret } from "@/lib/access/keys";
import { recordEntry } from "@/lib/audit/record";
import { getStanding, requireFor } from "@/lib/use-cases/refs";
import type { CanaryClient } from "./schema";
import type { CanaryView } from "./views";

/**
 * Makes a text that every decision point blocks for this use case until it expires. `sentAs` is the client as which the
 * console itself sends it.
 */
export async function makeCanary(
  ctx: Ctx,
  { slug, sentAs }: { slug: string; sentAs?: CanaryClient },
): Promise<CanaryView> {
  return inTransaction(ctx, async (tx) => {
    const useCase = await getStanding(tx, slug);
    requireFor(ctx, "canary:send", useCase);
    const { text, expiresAt } = createCanaries(installationSecret()).make(slug, ctx.now);
    await recordEntry(tx, ctx, {
      action: "canary.made",
      subject: { kind: "use_case", id: useCase.id },
      useCase: slug,
      detail: { expiresAt: expiresAt.toISOString(), ...(sentAs !== undefined && { sentAs }) },
    });
    return { text, madeAt: ctx.now.toISOString(), expiresAt: expiresAt.toISOString() };
  });
}
