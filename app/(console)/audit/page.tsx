import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { EntryRegister } from "@/components/audit/entry-register";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { AUDIT_ACTIONS } from "@/lib/audit/events";
import { listEntries } from "@/lib/audit/queries";
import { listEntriesSchema } from "@/lib/audit/schema";
import { listPeople } from "@/lib/people/queries";
import { listUseCases } from "@/lib/use-cases/queries";
import { type PageQuery, queryText } from "../query-text";
import { Refused } from "../refused";
import { AuditTabs } from "./tabs";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const header = <PageHeader title="Audit" description="Who did what, in a log that cannot be rewritten." />;
  if (!can(ctx.actor.roles, "audit:read")) {
    return (
      <>
        {header}
        <Refused>Auditors, security leads, risk owners and admins read the audit log.</Refused>
      </>
    );
  }
  const query = await queryText(searchParams);
  const asked = listEntriesSchema.safeParse(Object.fromEntries(query));
  const [initial, useCases, people] = await Promise.all([
    listEntries(ctx, asked.data ?? { limit: 50 }),
    listUseCases(ctx, { limit: 200 }),
    listPeople(ctx, { limit: 200 }),
  ]);
  return (
    <>
      {header}
      <AuditTabs here="/audit" />
      <EntryRegister
        initial={initial}
        initialQuery={asked.success ? query.toString() : ""}
        choices={{
          actions: [...AUDIT_ACTIONS],
          useCases: useCases.items.map(({ slug, name }) => ({ slug, name })),
          people: people.items.map(({ id, name }) => ({ id, name })),
        }}
      />
    </>
  );
}
