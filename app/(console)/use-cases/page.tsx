import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { LinkButton } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { UseCaseRegister } from "@/components/use-cases/use-case-register";
import { couldEver } from "@/lib/access/permissions";
import { getUseCaseSummaries } from "@/lib/telemetry/get-use-case-summaries";
import { listUseCases } from "@/lib/use-cases/queries";
import { listUseCasesSchema } from "@/lib/use-cases/schema";
import { type PageQuery, queryText } from "../query-text";

export const metadata: Metadata = { title: "Use cases" };

export default async function UseCasesPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listUseCasesSchema.safeParse(Object.fromEntries(query));
  const [initial, traffic] = await Promise.all([
    listUseCases(ctx, asked.data ?? { limit: 50 }),
    getUseCaseSummaries(ctx),
  ]);
  const mayCreate = couldEver(ctx.actor.roles, "use-case:create");
  return (
    <>
      <PageHeader
        title="Use cases"
        description="What we run, who owns it, and how far each policy is."
        actions={mayCreate && <LinkButton href="/use-cases/new">Create a use case</LinkButton>}
      />
      <UseCaseRegister
        initial={initial}
        initialQuery={asked.success ? query.toString() : ""}
        traffic={Object.fromEntries(traffic)}
        mayCreate={mayCreate}
      />
    </>
  );
}
