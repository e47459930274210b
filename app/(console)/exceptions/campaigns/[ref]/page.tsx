import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { CampaignDetail } from "@/components/exceptions/campaign-detail";
import { getCampaign } from "@/lib/campaigns/queries";
import { orNotFound } from "../../../or-not-found";

interface CampaignPageProps {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: CampaignPageProps): Promise<Metadata> {
  return { title: (await params).ref.slice(0, 40) };
}

export default async function CampaignPage({ params }: CampaignPageProps) {
  const ctx = await pageContext();
  const { ref } = await params;
  return (
    <CampaignDetail initial={await orNotFound(getCampaign(ctx, { id: ref }))} now={ctx.now.toISOString()} />
  );
}
