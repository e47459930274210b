import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ChangeForm } from "@/components/changes/loaded-forms";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { needsObserved, proposalFor, type Wish } from "@/components/use-cases/propose";
import { DATA_CLASSES } from "@/lib/policy/vocabulary";
import { SETTING_KEYS } from "@/lib/settings/schema";
import { getObserved } from "@/lib/telemetry/get-observed";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { getUseCase } from "@/lib/use-cases/queries";
import { orNotFound } from "../../or-not-found";
import { type PageQuery, queryText } from "../../query-text";
import { NewFloorChange, NewSettingChange } from "./governance";
import { Subjects } from "./subjects";

export const metadata: Metadata = { title: "Propose a change" };

const OBSERVED_MS = 30 * 86_400_000;

export default async function NewChangePage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const floor = DATA_CLASSES.find((one) => one === query.get("floor"));
  const setting = SETTING_KEYS.find((one) => one === query.get("setting"));
  if (floor) return <NewFloorChange dataClass={floor} />;
  if (setting) return <NewSettingChange setting={setting} />;
  const slug = query.get("useCase");
  if (!slug) return <Subjects ctx={ctx} />;
  const useCase = await orNotFound(getUseCase(ctx, { slug }));
  const refused = useCase.actions.find(({ name, allowed }) => name === "draft-change" && !allowed);
  if (refused) return <Refused name={useCase.name} slug={slug} why={refused.why} />;
  const wish: Wish = {
    propose: query.get("propose") ?? undefined,
    field: query.get("field") ?? undefined,
    control: query.get("control") ?? undefined,
    level: query.get("level") ?? undefined,
    declare: query.getAll("declare"),
  };
  const window = { from: new Date(ctx.now.getTime() - OBSERVED_MS), to: ctx.now };
  const [policy, observed] = await Promise.all([
    getPolicy(ctx, { slug }),
    needsObserved(wish) ? getObserved(ctx, { useCase: slug, ...window }) : null,
  ]);
  return (
    <>
      <PageHeader
        title={`Propose a change: ${useCase.name}`}
        description={`Against version ${policy.version}, which is in force. Nothing changes until its seats approve it and it is applied.`}
      />
      <ChangeForm
        key={query.toString()}
        of={{ useCase: slug }}
        tryOn={slug}
        base={{ version: policy.version, document: policy.document }}
        floor={policy.floor}
        {...proposalFor(wish, policy.document, observed)}
        workloads={useCase.workloads.map((workload) => workload.slug)}
        edited={null}
        keptAs={query.toString()}
      />
    </>
  );
}

function Refused({ name, slug, why }: { name: string; slug: string; why: string | null }) {
  return (
    <>
      <PageHeader title={`Propose a change: ${name}`} />
      <EmptyState
        title="You may not propose a change here"
        action={<LinkButton href={`/use-cases/${slug}`}>Back to {name}</LinkButton>}
      >
        {why}
      </EmptyState>
    </>
  );
}
