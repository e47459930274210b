import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { WorkloadRegister } from "@/components/people/workload-register";
import { PageHeader } from "@/components/ui/page-header";
import { listWorkloads } from "@/lib/workloads/queries";
import { listWorkloadsSchema } from "@/lib/workloads/schema";
import { type PageQuery, queryText } from "../../query-text";
import { PeopleTabs } from "../tabs";

export const metadata: Metadata = { title: "Workloads" };

export default async function WorkloadsPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listWorkloadsSchema.safeParse(Object.fromEntries(query));
  const initial = await listWorkloads(ctx, asked.data ?? { limit: 50 });
  return (
    <>
      <PageHeader
        title="Workloads"
        description="Identities that are no people: what they hold to get in, and until when."
      />
      <PeopleTabs here="/people/workloads" />
      <WorkloadRegister
        initial={initial}
        initialQuery={asked.success ? query.toString() : ""}
        now={ctx.now.toISOString()}
      />
    </>
  );
}
