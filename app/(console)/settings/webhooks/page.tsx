import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { WebhookRegister } from "@/components/notify/webhook-register";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { listWebhookDeliveries, listWebhooks } from "@/lib/notify/delivery-queries";
import { listDeliveriesSchema } from "@/lib/notify/schema";
import { listUseCases } from "@/lib/use-cases/queries";
import { type PageQuery, queryText } from "../../query-text";
import { Refused } from "../../refused";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Webhooks" };

export default async function WebhooksPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listDeliveriesSchema.safeParse(Object.fromEntries(query));
  const useCases = await listUseCases(ctx, { limit: 200 });
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Programs outside that are told what happens, and what became of each delivery."
      />
      <SettingsTabs here="/settings/webhooks" />
      {can(ctx.actor, "delivery:read") ? (
        <WebhookRegister
          initial={await listWebhooks(ctx)}
          deliveries={await listWebhookDeliveries(ctx, asked.data ?? { limit: 50 })}
          initialQuery={asked.success ? query.toString() : ""}
          useCases={useCases.items.map(({ slug, name }) => ({ slug, name }))}
          manages={can(ctx.actor, "webhook:manage")}
        />
      ) : (
        <Refused>Admins, security leads and auditors read what webhooks are told.</Refused>
      )}
    </>
  );
}
