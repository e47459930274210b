import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { IssuerRegister } from "@/components/people/issuer-register";
import { PageHeader } from "@/components/ui/page-header";
import { couldEver } from "@/lib/access/permissions";
import { listIssuers } from "@/lib/workloads/issuer-queries";
import { listIssuersSchema } from "@/lib/workloads/schema";
import { type PageQuery, queryText } from "../../query-text";
import { PeopleTabs } from "../tabs";

export const metadata: Metadata = { title: "Issuers" };

export default async function IssuersPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listIssuersSchema.safeParse(Object.fromEntries(query));
  const initial = await listIssuers(ctx, asked.data ?? { limit: 50 });
  return (
    <>
      <PageHeader
        title="Issuers"
        description="Who may vouch for workloads by signed tokens, in place of a key."
      />
      <PeopleTabs here="/people/issuers" />
      <IssuerRegister
        initial={initial}
        initialQuery={asked.success ? query.toString() : ""}
        manages={couldEver(ctx.actor.roles, "issuer:manage")}
      />
    </>
  );
}
