import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { pageContext } from "@/app/page-context";
import { IntegrationView } from "@/components/integrations/integration-view";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { WordBadge } from "@/components/vocabulary/badges";
import { decisionPointUrl } from "@/lib/integrations/decision-point-url";
import { listCanaryDecisions } from "@/lib/integrations/queries";
import { integrationsFor } from "@/lib/integrations/snippets";
import { getUseCase } from "@/lib/use-cases/queries";
import { orNotFound } from "../../../or-not-found";
import { type PageQuery, queryText } from "../../../query-text";
import { listUseCaseChoices } from "../../../telemetry/use-case-choices";

interface IntegrationPageProps {
  params: Promise<{ id: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata({ params }: IntegrationPageProps): Promise<Metadata> {
  return { title: (await params).id.slice(0, 60) };
}

export default async function IntegrationPage({ params, searchParams }: IntegrationPageProps) {
  const ctx = await pageContext();
  const [{ id }, query, choices] = await Promise.all([
    params,
    queryText(searchParams),
    listUseCaseChoices(ctx),
  ]);
  const slug = query.get("useCase") ?? choices[0]?.slug ?? null;
  const site = { decisionPointUrl: decisionPointUrl(), useCase: slug ?? "my-use-case" };
  const integration = integrationsFor(site).find((one) => one.id === id);
  if (!integration) notFound();
  const [useCase, met] =
    slug === null
      ? [null, []]
      : await orNotFound(Promise.all([getUseCase(ctx, { slug }), listCanaryDecisions(ctx, { slug })]));
  const send = useCase?.actions.find(({ name }) => name === "send-canary");
  return (
    <>
      <PageHeader
        title={integration.title}
        description={`Speaks ${integration.protocol}, at ${site.decisionPointUrl}${integration.path}.`}
        badges={
          integration.observesOnly ? (
            <WordBadge word="logging">only observes</WordBadge>
          ) : (
            <WordBadge word="in_force">can block</WordBadge>
          )
        }
        actions={
          <LinkButton
            href={`/settings/integrations${slug === null ? "" : `?useCase=${slug}`}`}
            variant="default"
          >
            All clients
          </LinkButton>
        }
      />
      <IntegrationView
        integration={integration}
        useCase={useCase && { slug: useCase.slug, name: useCase.name }}
        choices={choices}
        decisionPoint={site.decisionPointUrl}
        met={met}
        maySend={send?.allowed ?? false}
      />
    </>
  );
}
