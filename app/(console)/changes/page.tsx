import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ChangeRegister } from "@/components/changes/change-register";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { can, couldEver } from "@/lib/access/permissions";
import { listChanges } from "@/lib/changes/queries";
import { listChangesSchema } from "@/lib/changes/schema";
import { listUseCases } from "@/lib/use-cases/queries";
import { type PageQuery, queryText } from "../query-text";

export const metadata: Metadata = { title: "Changes" };

export default async function ChangesPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listChangesSchema.safeParse(Object.fromEntries(query));
  const [initial, useCases] = await Promise.all([
    listChanges(ctx, asked.data ?? { limit: 50 }),
    listUseCases(ctx, { limit: 200 }),
  ]);
  const { actor } = ctx;
  const mayPropose = couldEver(actor.roles, "change:create") || can(actor, "governance:propose");
  return (
    <>
      <PageHeader
        title="Changes"
        description="The only way a policy changes: proposed, measured, approved by its seats, applied."
        actions={mayPropose && <LinkButton href="/changes/new">Propose a change</LinkButton>}
      />
      <ChangeRegister
        initial={initial}
        mayPropose={mayPropose}
        initialQuery={asked.success ? query.toString() : ""}
        useCases={useCases.items.map(({ slug, name }) => ({ slug, name }))}
      />
    </>
  );
}
