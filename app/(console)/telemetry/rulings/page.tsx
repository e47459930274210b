import type { Metadata } from "next";
import { type PageCtx, pageContext } from "@/app/page-context";
import { CaseRegister } from "@/components/rulings/case-register";
import { RulingQueue } from "@/components/rulings/queue";
import { RulingRegister } from "@/components/rulings/ruling-register";
import { RULING_TABS, type RulingTab, RulingTabs } from "@/components/rulings/ruling-tabs";
import { TelemetryPages } from "@/components/telemetry/telemetry-pages";
import { PageHeader } from "@/components/ui/page-header";
import { SluiceError } from "@/lib/errors";
import { getRulingQueue } from "@/lib/rulings/get-queue";
import { listCases, listRulings } from "@/lib/rulings/queries";
import { listCasesSchema, listRulingsSchema, queueSchema } from "@/lib/rulings/schema";
import { rulingChoices } from "../ruling-choices";
import { type Search, toParams } from "../search-params";

export const metadata: Metadata = { title: "Rulings" };

export default async function RulingsPage({ searchParams }: { searchParams: Search }) {
  const ctx = await pageContext();
  const params = toParams(await searchParams);
  const tab = RULING_TABS.find((name) => name === params.get("tab")) ?? "queue";
  return (
    <>
      <PageHeader
        title="Rulings"
        description="Was the finding right? A reviewer's answers say how often a control is wrong, before it blocks anybody."
      />
      <TelemetryPages current="/telemetry/rulings" />
      <RulingTabs current={tab} />
      <Content ctx={ctx} tab={tab} params={params} />
    </>
  );
}

interface ContentProps {
  ctx: PageCtx;
  tab: RulingTab;
  params: URLSearchParams;
}

async function Content({ ctx, tab, params }: ContentProps) {
  const { tab: _, ...query } = Object.fromEntries(params);
  if (tab === "queue") {
    const initial = await firstQueue(ctx, query);
    return <RulingQueue initial={initial} initialQuery={params.toString()} />;
  }
  const choices = await rulingChoices(ctx);
  if (tab === "cases") {
    const asked = listCasesSchema.safeParse(query);
    const initial = await listCases(ctx, asked.data ?? { limit: 50 });
    return (
      <CaseRegister
        {...choices}
        initial={initial}
        initialQuery={asked.success ? params.toString() : "tab=cases"}
      />
    );
  }
  const asked = listRulingsSchema.safeParse(query);
  const initial = await listRulings(ctx, asked.data ?? { limit: 50 });
  return (
    <RulingRegister
      {...choices}
      initial={initial}
      initialQuery={asked.success ? params.toString() : "tab=given"}
    />
  );
}

/** Null for an address that asks for what there is not: the page then asks again and says what is wrong. */
async function firstQueue(ctx: PageCtx, query: Record<string, string>) {
  const asked = queueSchema.safeParse(query);
  if (!asked.success) return null;
  return getRulingQueue(ctx, asked.data).catch((error: unknown) => {
    if (error instanceof SluiceError) return null;
    throw error;
  });
}
