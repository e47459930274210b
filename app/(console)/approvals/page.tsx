import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { ApprovalRegister } from "@/components/approvals/register";
import { PageHeader } from "@/components/ui/page-header";
import { listApprovals } from "@/lib/approvals/queries";
import { listApprovalsSchema } from "@/lib/approvals/schema";
import { listUseCases } from "@/lib/use-cases/queries";
import { type PageQuery, queryText } from "../query-text";

export const metadata: Metadata = { title: "Held requests" };

export default async function ApprovalsPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const query = await queryText(searchParams);
  const asked = listApprovalsSchema.safeParse(Object.fromEntries(query));
  const [waiting, initial, useCases] = await Promise.all([
    listApprovals(ctx, { status: "pending", limit: 200 }),
    listApprovals(ctx, asked.data ?? { limit: 50 }),
    listUseCases(ctx, { limit: 200 }),
  ]);
  return (
    <>
      <PageHeader
        title="Held requests"
        description="What a policy keeps from passing until a person decides. Unanswered means denied."
      />
      <ApprovalRegister
        waiting={waiting}
        initial={initial}
        initialQuery={asked.success ? query.toString() : ""}
        useCases={useCases.items.map(({ slug, name }) => ({ slug, name }))}
      />
    </>
  );
}
