import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { CheckpointRegister } from "@/components/audit/checkpoint-register";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { listCheckpoints } from "@/lib/audit/queries";
import { listCheckpointsSchema } from "@/lib/audit/schema";
import { type PageQuery, queryText } from "../../query-text";
import { Refused } from "../../refused";
import { AuditTabs } from "../tabs";

export const metadata: Metadata = { title: "Checkpoints" };

export default async function CheckpointsPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const header = (
    <PageHeader
      title="Checkpoints"
      description="Signed heads of the audit log: whoever keeps one can tell later whether an entry before it was changed."
    />
  );
  if (!can(ctx.actor.roles, "audit:read")) {
    return (
      <>
        {header}
        <Refused>Auditors, security leads, risk owners and admins read the audit log.</Refused>
      </>
    );
  }
  const query = await queryText(searchParams);
  const asked = listCheckpointsSchema.safeParse(Object.fromEntries(query));
  const initial = await listCheckpoints(ctx, asked.data ?? { limit: 50 });
  return (
    <>
      {header}
      <AuditTabs here="/audit/checkpoints" />
      <CheckpointRegister initial={initial} initialQuery={asked.success ? query.toString() : ""} />
    </>
  );
}
