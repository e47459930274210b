import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { pageContext } from "@/app/page-context";
import { DecisionView } from "@/components/telemetry/decision/decision-view";
import { LinkAnchor } from "@/components/ui/links";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { findApprovalOf } from "@/lib/approvals/queries";
import { SluiceError } from "@/lib/errors";
import { getDecisionRulings } from "@/lib/rulings/get-decision-rulings";
import { getDecision } from "@/lib/telemetry/get-decision";

export const metadata: Metadata = { title: "Decision" };

export default async function DecisionPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await pageContext();
  const { id } = await params;
  const decision = await getDecision(ctx, { id }).catch((error: unknown) => {
    if (error instanceof SluiceError && error.code === "not_found") notFound();
    throw error;
  });
  const [approval, rulings] = await Promise.all([
    findApprovalOf(ctx, { decisionId: decision.id }),
    getDecisionRulings(ctx, decision),
  ]);
  return (
    <>
      <PageHeader
        title={
          <>
            Decision of <Time at={decision.decidedAt} seconds />
          </>
        }
        description={
          <>
            On {decision.useCase.name}, by policy version {decision.policyVersion}.{" "}
            <LinkAnchor href="/telemetry/decisions" underline="always">
              All decisions
            </LinkAnchor>
          </>
        }
      />
      <DecisionView decision={decision} approval={approval} rulings={rulings} />
    </>
  );
}
