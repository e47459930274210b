import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { IntegrationTable } from "@/components/integrations/integration-table";
import { PageHeader } from "@/components/ui/page-header";
import { decisionPointUrl } from "@/lib/integrations/decision-point-url";
import { integrationsFor } from "@/lib/integrations/snippets";
import { type PageQuery, queryText } from "../../query-text";
import { SettingsTabs } from "../tabs";

export const metadata: Metadata = { title: "Integrations" };

export default async function IntegrationsPage({ searchParams }: { searchParams: PageQuery }) {
  await pageContext();
  const useCase = (await queryText(searchParams)).get("useCase");
  const decisionPoint = decisionPointUrl();
  return (
    <>
      <PageHeader
        title="Integrations"
        description="Clients of the decision point, each with its snippet. Those that can block fail closed; a canary proves it."
      />
      <SettingsTabs here="/settings/integrations" />
      <IntegrationTable
        integrations={integrationsFor({ decisionPointUrl: decisionPoint, useCase: useCase ?? "" })}
        decisionPoint={decisionPoint}
        useCase={useCase}
      />
    </>
  );
}
