import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { pageContext } from "@/app/page-context";
import { PackDetail } from "@/components/evidence/pack-detail";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { SluiceError } from "@/lib/errors";
import { getPack } from "@/lib/evidence/queries";
import { Refused } from "../../refused";

interface PackPageProps {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: PackPageProps): Promise<Metadata> {
  return { title: (await params).ref.slice(0, 40) };
}

export default async function PackPage({ params }: PackPageProps) {
  const ctx = await pageContext();
  const { ref } = await params;
  if (!can(ctx.actor.roles, "evidence:export")) {
    return (
      <>
        <PageHeader title="Evidence pack" />
        <Refused>Auditors and security leads export evidence.</Refused>
      </>
    );
  }
  const pack = await getPack(ctx, { id: ref }).catch((error: unknown) => {
    if (error instanceof SluiceError && error.code === "not_found") notFound();
    throw error;
  });
  return <PackDetail initial={pack} />;
}
