import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { CampaignRegister } from "@/components/exceptions/campaign-register";
import { SectionTabs } from "@/components/exceptions/section-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { couldEver } from "@/lib/access/permissions";
import { listCampaigns } from "@/lib/campaigns/queries";
import { listCampaignsSchema } from "@/lib/campaigns/schema";
import { type PageQuery, queryText } from "../../query-text";

export const metadata: Metadata = { title: "Campaigns of reviews" };

export default async function CampaignsPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listCampaignsSchema.safeParse(Object.fromEntries(query));
  return (
    <>
      <PageHeader
        title="Campaigns of reviews"
        description="Everything that is let pass, looked at again by a day: kept with a reason, or revoked."
      />
      <SectionTabs here="/exceptions/campaigns" />
      <CampaignRegister
        initial={await listCampaigns(ctx, asked.data ?? { limit: 50 })}
        initialQuery={asked.success ? query.toString() : ""}
        mayStart={couldEver(ctx.actor.roles, "campaign:start")}
      />
    </>
  );
}
