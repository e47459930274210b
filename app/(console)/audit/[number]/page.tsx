import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { pageContext } from "@/app/page-context";
import { EntryDetail } from "@/components/audit/entry-detail";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { getEntry } from "@/lib/audit/queries";
import { SluiceError } from "@/lib/errors";
import { Refused } from "../../refused";

interface EntryPageProps {
  params: Promise<{ number: string }>;
}

export async function generateMetadata({ params }: EntryPageProps): Promise<Metadata> {
  return { title: `Audit entry ${(await params).number.slice(0, 20)}` };
}

export default async function EntryPage({ params }: EntryPageProps) {
  const ctx = await pageContext();
  const { number } = await params;
  if (!/^[1-9][0-9]{0,14}$/.test(number)) notFound();
  if (!can(ctx.actor.roles, "audit:read")) {
    return (
      <>
        <PageHeader title={`Entry ${number}`} />
        <Refused>Auditors, security leads, risk owners and admins read the audit log.</Refused>
      </>
    );
  }
  const entry = await getEntry(ctx, { number: Number(number) }).catch((error: unknown) => {
    if (error instanceof SluiceError && error.code === "not_found") notFound();
    throw error;
  });
  return <EntryDetail entry={entry} />;
}
