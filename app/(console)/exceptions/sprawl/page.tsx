import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { SectionTabs } from "@/components/exceptions/section-tabs";
import { SprawlBoard } from "@/components/exceptions/sprawl-board";
import { PageHeader } from "@/components/ui/page-header";
import { getSprawl } from "@/lib/exceptions/get-sprawl";
import { sprawlSchema } from "@/lib/exceptions/schema";
import { type PageQuery, queryText } from "../../query-text";

export const metadata: Metadata = { title: "Exceptions over time" };

export default async function SprawlPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const asked = sprawlSchema.safeParse({ days: (await queryText(searchParams)).get("days") ?? undefined });
  const days = asked.data?.days ?? 90;
  return (
    <>
      <PageHeader
        title="Exceptions over time"
        description="Does what we let pass grow, and does it get old? A renewal is as old as the first of its chain."
      />
      <SectionTabs here="/exceptions/sprawl" />
      <SprawlBoard initial={await getSprawl(ctx, { days })} initialDays={String(days)} />
    </>
  );
}
