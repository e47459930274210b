import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { GovernanceList } from "@/components/settings/governance-list";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { listSettings } from "@/lib/settings/list-settings";
import { listUseCases } from "@/lib/use-cases/queries";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Governance" };

export default async function GovernancePage() {
  const ctx = await pageContext();
  const [settings, useCases] = await Promise.all([listSettings(ctx), listUseCases(ctx, { limit: 200 })]);
  return (
    <>
      <PageHeader
        title="Governance"
        description="How this organisation decides: who must agree, what must be measured, how long exceptions live, and when nothing is applied. Each changes only through change control."
      />
      <SettingsTabs here="/settings/governance" />
      <GovernanceList
        settings={settings}
        names={Object.fromEntries(useCases.items.map(({ slug, name }) => [slug, name]))}
        mayPropose={can(ctx.actor, "governance:propose")}
      />
    </>
  );
}
