import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { RequestForm } from "@/components/exceptions/request-form";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { readLimits } from "@/lib/exceptions/limits";
import { getException } from "@/lib/exceptions/queries";
import { listPeople } from "@/lib/people/queries";
import { listUseCases } from "@/lib/use-cases/queries";
import { orNotFound } from "../../or-not-found";
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
  const renewed = query.get("renews");
  const renews = renewed ? await orNotFound(getException(ctx, { id: renewed })) : undefined;
  const renewal = renews?.actions.find(({ name }) => name === "renew");
  if (renews && !renewal?.allowed) {
    return (
      <>
        <PageHeader title={`Renew ${renews.ref}`} />
        <EmptyState
          title="It cannot be renewed"
          action={<LinkButton href={`/exceptions/${renews.ref}`}>Back to {renews.ref}</LinkButton>}
        >
          {renewal?.why ?? `It is ${renews.status}: only what was approved and not ended is renewed.`}
        </EmptyState>
      </>
    );
  }
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
        title={renews ? `Renew ${renews.ref}` : "Request an exception"}
        description="A security lead who is neither you nor one of its owners decides on it. It ends by itself."
      />
      {useCases.length === 0 && !renews ? (
        <EmptyState
          title="There is no use case for which you may ask"
          action={<LinkButton href="/exceptions">Back to the exceptions</LinkButton>}
        >
          Its application owners and its risk owner ask for exceptions of a use case. You are neither of any.
        </EmptyState>
      ) : (
        <RequestForm
          query={query.toString()}
          renews={renews}
          now={ctx.now.toISOString()}
          choices={{
            limits,
            useCases: renews
              ? [{ ...renews.useCase, riskOwner: renews.riskOwner }]
              : useCases.map(({ slug, name, tier, riskOwner }) => ({ slug, name, tier, riskOwner })),
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
