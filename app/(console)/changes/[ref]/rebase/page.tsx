import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { RebaseForm } from "@/components/changes/rebase-form";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { getChange } from "@/lib/changes/queries";
import { getRebase } from "@/lib/changes/rebase-change";
import { orNotFound } from "../../../or-not-found";

interface PageProps {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: `Rebase ${(await params).ref.slice(0, 40)}` };
}

export default async function RebaseChangePage({ params }: PageProps) {
  const ctx = await pageContext();
  const change = await orNotFound(getChange(ctx, { id: (await params).ref }));
  const move = change.actions.find(({ name }) => name === "rebase");
  if (!move?.allowed) {
    return (
      <>
        <PageHeader title={`Rebase ${change.ref}`} />
        <EmptyState
          title={change.conflicted ? "You cannot rebase it" : "There is nothing to rebase"}
          action={<LinkButton href={`/changes/${change.ref}`}>Back to {change.ref}</LinkButton>}
        >
          {move?.why ?? `It is based on version ${change.currentVersion}, which is in force.`}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={`Rebase ${change.ref}: ${change.subject.title}`}
        description={`What was asked of version ${change.baseVersion} is asked of version ${change.currentVersion}, which is in force, field by field. Approvals start anew.`}
      />
      <RebaseForm change={change} rebase={await getRebase(ctx, { id: change.id })} />
    </>
  );
}
