import type { Metadata } from "next";
import { type PageCtx, pageContext } from "@/app/page-context";
import { DriftBoard } from "@/components/drift/drift-board";
import { driftQuery, incidentQuery } from "@/components/drift/filter";
import { TelemetryPages } from "@/components/telemetry/telemetry-pages";
import { PageHeader } from "@/components/ui/page-header";
import { listDrift, listIncidents } from "@/lib/drift/queries";
import { listDriftSchema, listIncidentsSchema } from "@/lib/drift/schema";
import { SluiceError } from "@/lib/errors";
import { type PageQuery, queryText } from "../../query-text";
import { listUseCaseChoices } from "../use-case-choices";

export const metadata: Metadata = { title: "Drift" };

export default async function DriftPage({ searchParams }: { searchParams: PageQuery }) {
  const ctx = await pageContext();
  const params = await queryText(searchParams);
  const [initial, useCases] = await Promise.all([firstAnswer(ctx, params), listUseCaseChoices(ctx)]);
  return (
    <>
      <PageHeader
        title="Drift"
        description="What traffic shows and no policy declares. Declare it by a change, except it for a time, or look into it as an incident."
      />
      <TelemetryPages current="/telemetry/drift" />
      <DriftBoard initial={initial} initialQuery={params.toString()} useCases={useCases} />
    </>
  );
}

/** Null for an address that asks for what there is not: the page then asks again and says what is wrong. */
async function firstAnswer(ctx: PageCtx, params: URLSearchParams) {
  const drift = listDriftSchema.safeParse(driftQuery(params));
  const incidents = listIncidentsSchema.safeParse(incidentQuery(params));
  if (!drift.success || !incidents.success) return null;
  return Promise.all([listDrift(ctx, drift.data), listIncidents(ctx, incidents.data)]).then(
    ([queue, marked]) => ({ drift: queue, incidents: marked }),
    (error: unknown) => {
      if (error instanceof SluiceError) return null;
      throw error;
    },
  );
}
