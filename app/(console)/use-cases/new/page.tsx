import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { UseCaseWizard } from "@/components/use-cases/use-case-wizard";
import { can, type Role } from "@/lib/access/permissions";
import { listPeople } from "@/lib/people/queries";
import { TEMPLATES } from "@/lib/policy/templates";
import { type PageQuery, queryText } from "../../query-text";

export const metadata: Metadata = { title: "Create a use case" };

export default async function NewUseCasePage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const wanted = (await queryText(searchParams)).get("template");
  const template = TEMPLATES.find(({ id }) => id === wanted);
  const { items } = await listPeople(ctx, { limit: 200, active: "true" });
  const holding = (role: Role) =>
    items.filter(({ roles }) => roles.includes(role)).map(({ id, name }) => ({ id, name }));
  const mine = ctx.actor.roles.includes("risk_owner") ? ctx.actor.id : "";
  return (
    <>
      <PageHeader title="Create a use case" description="Describe it, choose a template, name its owners." />
      {can(ctx.actor.roles, "use-case:create") ? (
        <UseCaseWizard
          riskOwners={holding("risk_owner")}
          applicationOwners={holding("application_owner")}
          initial={{ riskOwnerId: mine, ...(template ? { templateId: template.id } : {}) }}
        />
      ) : (
        <EmptyState
          title="Your roles do not allow it"
          action={<LinkButton href="/use-cases">Back to the use cases</LinkButton>}
        >
          A security lead or a risk owner creates use cases.
        </EmptyState>
      )}
    </>
  );
}
