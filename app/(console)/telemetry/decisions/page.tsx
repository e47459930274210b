import type { Metadata } from "next";
import { type PageCtx, pageContext } from "@/app/page-context";
import { type AskedDecisions, decisionFilter, PAGE_SIZE } from "@/components/telemetry/calls";
import type { FilterChoices } from "@/components/telemetry/decision-filters";
import { Explorer } from "@/components/telemetry/explorer";
import { TelemetryPages } from "@/components/telemetry/telemetry-pages";
import { PageHeader } from "@/components/ui/page-header";
import { SluiceError } from "@/lib/errors";
import { getBreakdown } from "@/lib/telemetry/get-breakdown";
import { listDecisions } from "@/lib/telemetry/list-decisions";
import { listNamed } from "@/lib/telemetry/list-named";
import { type Dimension, decisionListSchema } from "@/lib/telemetry/schema";
import { type Search, toParams } from "../search-params";
import { listUseCaseChoices } from "../use-case-choices";

export const metadata: Metadata = { title: "Decisions" };

const CHOICES_DAYS = 30;
const DAY_MS = 86_400_000;

export default async function DecisionsPage({ searchParams }: { searchParams: Search }) {
  const ctx = await pageContext();
  const params = toParams(await searchParams);
  const [initial, choices] = await Promise.all([firstAnswer(ctx, params), filterChoices(ctx)]);
  return (
    <>
      <PageHeader
        title="Decisions"
        description="Every decision, by any filter. The address holds the filter."
      />
      <TelemetryPages current="/telemetry/decisions" />
      <Explorer initial={initial} initialQuery={params.toString()} choices={choices} />
    </>
  );
}

/** Null for an address that asks for what there is not: the page then asks again and says what is wrong. */
async function firstAnswer(ctx: PageCtx, params: URLSearchParams): Promise<AskedDecisions | null> {
  const filter = decisionFilter(params, ctx.now);
  const cursor = params.get("cursor");
  const asked = decisionListSchema.safeParse({ ...filter, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) });
  if (!asked.success) return null;
  return listDecisions(ctx, asked.data).then(
    (list) => ({ filter, list }),
    (error: unknown) => {
      if (error instanceof SluiceError) return null;
      throw error;
    },
  );
}

async function filterChoices(ctx: PageCtx): Promise<FilterChoices> {
  const window = { from: new Date(ctx.now.getTime() - CHOICES_DAYS * DAY_MS), to: ctx.now, limit: 100 };
  const seen = async (dimension: Dimension | "control") =>
    (await getBreakdown(ctx, { ...window, dimension })).rows.map(({ key }) => key).sort();
  const [useCases, controls, workloads, models, tools, named] = await Promise.all([
    listUseCaseChoices(ctx),
    seen("control"),
    seen("workload"),
    seen("model"),
    seen("tool"),
    listNamed(ctx),
  ]);
  return {
    ...{ useCases, controls, workloads, models, tools },
    purposes: named.purpose,
    destinations: named.destination,
    retrievalSources: named.retrievalSource,
  };
}
