import type { Metadata } from "next";
import { type PageCtx, pageContext } from "@/app/page-context";
import {
  BREAKDOWNS,
  breakdownLimit,
  byDimension,
  type Traffic,
  trafficQuery,
} from "@/components/telemetry/calls";
import { TelemetryPages } from "@/components/telemetry/telemetry-pages";
import { TrafficBoard } from "@/components/telemetry/traffic-board";
import { PageHeader } from "@/components/ui/page-header";
import { isSample } from "@/lib/access/installation";
import { SluiceError } from "@/lib/errors";
import { getBreakdown } from "@/lib/telemetry/get-breakdown";
import { getLatency } from "@/lib/telemetry/get-latency";
import { getSeries } from "@/lib/telemetry/get-series";
import { getTokens } from "@/lib/telemetry/get-tokens";
import { seriesSchema } from "@/lib/telemetry/schema";
import { type Search, toParams } from "./search-params";
import { listUseCaseChoices } from "./use-case-choices";

export const metadata: Metadata = { title: "Telemetry" };

export default async function TelemetryPage({ searchParams }: { searchParams: Search }) {
  const ctx = await pageContext();
  const params = toParams(await searchParams);
  const [initial, useCases, synthetic] = await Promise.all([
    firstAnswer(ctx, params),
    listUseCaseChoices(ctx),
    isSample(ctx.db),
  ]);
  return (
    <>
      <PageHeader
        title="Telemetry"
        description="What is happening: decisions over time and what they were about."
      />
      <TelemetryPages current="/telemetry" />
      <TrafficBoard
        initial={initial}
        initialQuery={params.toString()}
        useCases={useCases}
        synthetic={synthetic}
      />
    </>
  );
}

/** Null for an address that asks for what there is not: the page then asks again and says what is wrong. */
async function firstAnswer(ctx: PageCtx, params: URLSearchParams): Promise<Traffic | null> {
  const { window, bucket, by } = trafficQuery(params, ctx.now);
  const asked = seriesSchema.safeParse({ ...window, bucket, by });
  if (!asked.success) return null;
  const { bucket: _, ...counted } = asked.data;
  const { by: __, ...within } = counted;
  return Promise.all([
    getSeries(ctx, asked.data),
    getLatency(ctx, within),
    getTokens(ctx, within),
    ...BREAKDOWNS.map((dimension) =>
      getBreakdown(ctx, { ...counted, dimension, limit: breakdownLimit(params, dimension) }),
    ),
  ]).then(
    ([series, latency, tokens, ...broken]) => ({ series, latency, tokens, breakdowns: byDimension(broken) }),
    (error: unknown) => {
      if (error instanceof SluiceError) return null;
      throw error;
    },
  );
}
