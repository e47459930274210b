import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { TokenRegister } from "@/components/tokens/token-register";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { listTokens } from "@/lib/tokens/queries";
import { listTokensSchema } from "@/lib/tokens/schema";
import { type PageQuery, queryText } from "../../query-text";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Access tokens" };

export default async function TokensPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const managesAll = can(ctx.actor, "token:manage");
  const asked = listTokensSchema.safeParse(Object.fromEntries(query));
  const fits = asked.success && (managesAll || asked.data.whose === "mine");
  const initial = await listTokens(ctx, fits ? asked.data : { whose: "mine", limit: 50 });
  return (
    <>
      <PageHeader
        title="Access tokens"
        description="What lets a program speak for you: it reads what you may read and can propose a change of policy. It never approves, applies or administers anything."
      />
      <SettingsTabs here="/settings/tokens" />
      <TokenRegister
        initial={initial}
        initialQuery={fits ? query.toString() : ""}
        managesAll={managesAll}
        now={ctx.now.toISOString()}
      />
    </>
  );
}
