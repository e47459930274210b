import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ChangeForm } from "@/components/changes/loaded-forms";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { getChange } from "@/lib/changes/queries";
import { mergeBy, POLICY_SHAPE } from "@/lib/policy/merge";
import { getPolicy } from "@/lib/use-cases/policy-queries";
import { getUseCase } from "@/lib/use-cases/queries";
import { orNotFound } from "../../../or-not-found";
import { EditGovernanceChange } from "../../new/governance";

interface PageProps {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Edit ${(await params).ref.slice(0, 40)}` };
}

export default async function EditChangePage({ params }: PageProps) {
  const ctx = await pageContext();
  const change = await orNotFound(getChange(ctx, { id: (await params).ref }));
  const edit = change.actions.find(({ name }) => name === "edit");
  if (!edit?.allowed) {
    return (
      <>
        <PageHeader title={`Edit ${change.ref}`} />
        <EmptyState
          title="It cannot be edited"
          action={<LinkButton href={`/changes/${change.ref}`}>Back to {change.ref}</LinkButton>}
        >
          {edit?.why ?? `It is ${change.status.replaceAll("_", " ")}.`}
        </EmptyState>
      </>
    );
  }
  const { documents, useCase: about } = change;
  if (documents === null || about === null) return <EditGovernanceChange change={change} />;
  const { slug } = about;
  const [policy, useCase] = await Promise.all([getPolicy(ctx, { slug }), getUseCase(ctx, { slug })]);
  return (
    <>
      <PageHeader
        title={`${change.conflicted ? "Rebase" : "Edit"} ${change.ref}: ${useCase.name}`}
        description={
          change.conflicted
            ? `The policy has moved from version ${change.baseVersion} to ${policy.version}. What this change asked for is carried over; check it.`
            : `Against version ${policy.version}, which is in force.`
        }
      />
      <ChangeForm
        of={{ useCase: slug }}
        tryOn={slug}
        base={{ version: policy.version, document: policy.document }}
        floor={policy.floor}
        proposal={
          mergeBy(
            POLICY_SHAPE,
            { ...documents, mine: documents.proposal, theirs: policy.document },
            () => "mine",
          ).merged
        }
        justification={change.justification}
        workloads={useCase.workloads.map((workload) => workload.slug)}
        edited={{ id: change.id, ref: change.ref, revision: change.revision }}
        keptAs={change.ref}
      />
    </>
  );
}
