import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { TabBar } from "@/components/use-cases/tab-bar";
import { tabOf } from "@/components/use-cases/tabs";
import { UseCaseFacts } from "@/components/use-cases/use-case-facts";
import { WordBadge } from "@/components/vocabulary/badges";
import { getUseCase } from "@/lib/use-cases/queries";
import type { UseCaseAction } from "@/lib/use-cases/views";
import { orNotFound } from "../../or-not-found";
import { type PageQuery, queryText } from "../../query-text";
import { TabContent } from "./tab-content";

interface UseCasePageProps {
  params: Promise<{ slug: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata({ params }: UseCasePageProps): Promise<Metadata> {
  return { title: (await params).slug.slice(0, 60) };
}

export default async function UseCasePage({ params, searchParams }: UseCasePageProps) {
  const ctx = await pageContext();
  const [{ slug }, query] = await Promise.all([params, queryText(searchParams)]);
  const useCase = await orNotFound(getUseCase(ctx, { slug }));
  const may = (action: UseCaseAction) =>
    useCase.actions.some(({ name, allowed }) => name === action && allowed);
  const tab = tabOf(query.get("tab"));
  return (
    <>
      <PageHeader
        title={useCase.name}
        description={useCase.description}
        badges={
          <>
            <WordBadge word={useCase.policy.stage} />
            <WordBadge word={useCase.tier}>{`tier ${useCase.tier}`}</WordBadge>
          </>
        }
        actions={
          <>
            {may("update") && (
              <LinkButton href={`/use-cases/${useCase.slug}/edit`} variant="default">
                Edit
              </LinkButton>
            )}
            {may("draft-change") && (
              <LinkButton href={`/changes/new?useCase=${useCase.slug}`}>Propose a change</LinkButton>
            )}
          </>
        }
      />
      <UseCaseFacts useCase={useCase} />
      <TabBar slug={useCase.slug} current={tab}>
        <TabContent ctx={ctx} useCase={useCase} tab={tab} version={query.get("version")} />
      </TabBar>
    </>
  );
}
