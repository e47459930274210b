import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { RequestForm } from "@/components/exceptions/request-form";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { readLimits } from "@/lib/exceptions/limits";
import { listPeople } from "@/lib/people/queries";
import { listUseCases } from "@/lib/use-cases/queries";
import { type PageQuery, queryText } from "../../query-text";

export const metadata: Metadata = { title: "Request an exception" };

export default async function NewExceptionPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const [query, mine, people, limits] = await Promise.all([
    queryText(searchParams),
    listUseCases(ctx, { limit: 200, mine: "true" }),
    listPeople(ctx, { limit: 200, active: "true" }),
    readLimits(ctx.db, ctx.now),
  ]);
  const { id, roles } = ctx.actor;
  const useCases = mine.items.filter(({ riskOwner, applicationOwners }) =>
    can(roles, "exception:create", {
      isRiskOwner: riskOwner.id === id,
      isApplicationOwner: applicationOwners.some((owner) => owner.id === id),
    }),
  );
  return (
    <>
      <PageHeader
        title="Request an exception"
        description="A security lead who is neither you nor one of its owners decides on it. It ends by itself."
      />
      {useCases.length === 0 ? (
        <EmptyState
          title="There is no use case for which you may ask"
          action={<LinkButton href="/exceptions">Back to the exceptions</LinkButton>}
        >
          Its application owners and its risk owner ask for exceptions of a use case. You are neither of any.
        </EmptyState>
      ) : (
        <RequestForm
          query={query.toString()}
          now={ctx.now.toISOString()}
          choices={{
            limits,
            useCases: useCases.map(({ slug, name, tier, riskOwner }) => ({ slug, name, tier, riskOwner })),
            people: people.items.map((person) => ({
              id: person.id,
              name: person.name,
              roles: person.roles,
            })),
          }}
        />
      )}
    </>
  );
}
