import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ControlTabs } from "@/components/controls/control-tabs";
import { TemplatesPage } from "@/components/controls/templates-page";
import { PageHeader } from "@/components/ui/page-header";
import { couldEver } from "@/lib/access/permissions";

export const metadata: Metadata = { title: "Templates" };

export default async function TemplatesRoute() {
  const ctx = await pageContext();
  return (
    <>
      <ControlTabs here="/controls/templates" />
      <PageHeader
        title="Templates"
        description="Where a policy starts: for whom each is, for whom not, and what to tune first. Every template starts in logging."
      />
      <TemplatesPage mayCreate={couldEver(ctx.actor.roles, "use-case:create")} />
    </>
  );
}
