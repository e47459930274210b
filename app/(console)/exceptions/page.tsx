import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ExceptionRegister } from "@/components/exceptions/register";
import { SectionTabs } from "@/components/exceptions/section-tabs";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { couldEver } from "@/lib/access/permissions";
import { listExceptions } from "@/lib/exceptions/queries";
import { listExceptionsSchema } from "@/lib/exceptions/schema";
import { listPeople } from "@/lib/people/queries";
import { listUseCases } from "@/lib/use-cases/queries";
import { type PageQuery, queryText } from "../query-text";

export const metadata: Metadata = { title: "Exceptions" };

export default async function ExceptionsPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listExceptionsSchema.safeParse(Object.fromEntries(query));
  const [initial, useCases, people] = await Promise.all([
    listExceptions(ctx, asked.data ?? { limit: 50 }),
    listUseCases(ctx, { limit: 200 }),
    listPeople(ctx, { limit: 200 }),
  ]);
  const mayRequest = couldEver(ctx.actor.roles, "exception:create");
  return (
    <>
      <PageHeader
        title="Exceptions"
        description="What we let pass, for whom and until when."
        actions={mayRequest && <LinkButton href="/exceptions/new">Request an exception</LinkButton>}
      />
      <SectionTabs here="/exceptions" />
      <ExceptionRegister
        mayStart={couldEver(ctx.actor.roles, "campaign:start")}
        initial={initial}
        initialQuery={asked.success ? query.toString() : ""}
        mayRequest={mayRequest}
        choices={{
          me: ctx.actor.id,
          useCases: useCases.items.map(({ slug, name }) => ({ slug, name })),
          people: people.items
            .filter(({ active, roles }) => active && roles.length > 0)
            .map(({ id, name }) => ({ id, name })),
        }}
      />
    </>
  );
}
