import type { Metadata } from "next";
import { orNotFound } from "@/app/(console)/or-not-found";
import { type PageCtx, pageContext } from "@/app/page-context";
import { AppealPage } from "@/components/rulings/appeal-page";
import { TelemetryPages } from "@/components/telemetry/telemetry-pages";
import { PageHeader } from "@/components/ui/page-header";
import { findApprovalOf } from "@/lib/approvals/queries";
import { SluiceError } from "@/lib/errors";
import { getDecisionRulings } from "@/lib/rulings/get-decision-rulings";
import { getAppeal } from "@/lib/rulings/queries";
import { getDecision } from "@/lib/telemetry/get-decision";

interface Props {
  params: Promise<{ ref: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Appeal ${(await params).ref}` };
}

export default async function Page({ params }: Props) {
  const ctx = await pageContext();
  const appeal = await orNotFound(getAppeal(ctx, { id: (await params).ref }));
  return (
    <>
      <PageHeader title={`Appeal ${appeal.ref}`} description={`On ${appeal.useCase.name}`} />
      <TelemetryPages current="/telemetry/appeals" />
      <AppealPage initial={appeal} decided={await readDecided(ctx, appeal.decisionId)} />
    </>
  );
}

/** Null when retention has taken the decision. */
async function readDecided(ctx: PageCtx, id: string) {
  const decision = await getDecision(ctx, { id }).catch((error: unknown) => {
    if (error instanceof SluiceError && error.code === "not_found") return null;
    throw error;
  });
  if (!decision) return null;
  const [approval, rulings] = await Promise.all([
    findApprovalOf(ctx, { decisionId: decision.id }),
    getDecisionRulings(ctx, decision),
  ]);
  return { decision, approval, rulings };
}
