import type { Metadata } from "next";
import { pageContext } from "@/app/page-context";
import { WorkloadPage } from "@/components/people/workload-page";
import { decisionPointUrl } from "@/lib/integrations/decision-point-url";
import { listIssuers } from "@/lib/workloads/issuer-queries";
import { getWorkload } from "@/lib/workloads/queries";
import { orNotFound } from "../../../or-not-found";

interface WorkloadPageProps {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: WorkloadPageProps): Promise<Metadata> {
  return { title: (await params).slug.slice(0, 60) };
}

export default async function Workload({ params }: WorkloadPageProps) {
  const ctx = await pageContext();
  const { slug } = await params;
  const [workload, issuers] = await Promise.all([
    orNotFound(getWorkload(ctx, { slug })),
    listIssuers(ctx, { limit: 200 }),
  ]);
  return (
    <WorkloadPage
      initial={workload}
      issuers={issuers.items}
      decisionPoint={decisionPointUrl()}
      now={ctx.now.toISOString()}
    />
  );
}
