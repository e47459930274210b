import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { UseCaseEditForm } from "@/components/use-cases/use-case-edit-form";
import type { Role } from "@/lib/access/permissions";
import { listPeople } from "@/lib/people/queries";
import { getUseCase } from "@/lib/use-cases/queries";
import { orNotFound } from "../../../or-not-found";

export const metadata: Metadata = { title: "Edit a use case" };

interface PageProps {
  params: Promise<{ slug: string }>;
}

export default async function EditUseCasePage({ params }: PageProps) {
  const ctx = await pageContext();
  const { slug } = await params;
  const [useCase, { items }] = await Promise.all([
    orNotFound(getUseCase(ctx, { slug })),
    listPeople(ctx, { limit: 200, active: "true" }),
  ]);
  const update = useCase.actions.find(({ name }) => name === "update");
  const holding = (role: Role) =>
    items.filter(({ roles }) => roles.includes(role)).map(({ id, name }) => ({ id, name }));
  return (
    <>
      <PageHeader
        title={`Edit ${useCase.name}`}
        description="Its entry in the register. Its policy changes by change requests only."
      />
      {update?.allowed ? (
        <UseCaseEditForm
          useCase={useCase}
          riskOwners={holding("risk_owner")}
          applicationOwners={holding("application_owner")}
        />
      ) : (
        <EmptyState
          title="You may not edit it"
          action={<LinkButton href={`/use-cases/${slug}`}>Back to {useCase.name}</LinkButton>}
        >
          {update?.why}
        </EmptyState>
      )}
    </>
  );
}
