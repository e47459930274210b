import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { fieldErrors, SluiceError } from "@/lib/errors";
import { keySchema } from "@/lib/schema";
import { exportDecisions } from "@/lib/telemetry/export-decisions";
import { getBreakdown } from "@/lib/telemetry/get-breakdown";
import { getDecision } from "@/lib/telemetry/get-decision";
import { getLatency } from "@/lib/telemetry/get-latency";
import { getObserved } from "@/lib/telemetry/get-observed";
import { getOverview } from "@/lib/telemetry/get-overview";
import { getReproduction, type Reproduction } from "@/lib/telemetry/get-reproduction";
import { getSeries } from "@/lib/telemetry/get-series";
import { getTokens } from "@/lib/telemetry/get-tokens";
import { getUseCaseSummaries } from "@/lib/telemetry/get-use-case-summaries";
import { listDecisions } from "@/lib/telemetry/list-decisions";
import {
  breakdownSchema,
  decisionExportSchema,
  decisionListSchema,
  overviewSchema,
  seriesSchema,
  windowSchema,
} from "@/lib/telemetry/schema";
import type {
  BreakdownView,
  DecisionListView,
  DecisionView,
  LatencyView,
  ObservedView,
  OverviewView,
  SeriesView,
  TokensView,
  UseCaseSummary,
} from "@/lib/telemetry/views";
import { type ApiEnv, apiApp } from "./environment";
import { json, PROBLEMS, view } from "./respond";
import { streamOf } from "./stream";

const CSV = "text/csv; charset=utf-8";

const readOverview = createRoute({
  method: "get",
  path: "/telemetry/overview",
  request: { query: overviewSchema },
  responses: { 200: json(view<OverviewView>(), "What waits on you, and how safe we are."), ...PROBLEMS },
});

const readSeries = createRoute({
  method: "get",
  path: "/telemetry/series",
  request: { query: seriesSchema },
  responses: { 200: json(view<SeriesView>(), "Decisions over time; gaps are not zeroes."), ...PROBLEMS },
});

const readBreakdown = createRoute({
  method: "get",
  path: "/telemetry/breakdown",
  request: { query: breakdownSchema },
  responses: { 200: json(view<BreakdownView>(), "The largest values of a dimension."), ...PROBLEMS },
});

const readLatency = createRoute({
  method: "get",
  path: "/telemetry/latency",
  request: { query: windowSchema },
  responses: { 200: json(view<LatencyView>(), "How long evaluation took."), ...PROBLEMS },
});

const readTokens = createRoute({
  method: "get",
  path: "/telemetry/tokens",
  request: { query: windowSchema },
  responses: { 200: json(view<TokensView>(), "Tokens by model, as OpenTelemetry told."), ...PROBLEMS },
});

const readDecisions = createRoute({
  method: "get",
  path: "/telemetry/decisions",
  description: "With `Accept: text/csv`, or at `/telemetry/decisions.csv`: the whole filter as a file.",
  request: { query: decisionListSchema },
  responses: { 200: json(view<DecisionListView>(), "A page of decisions, newest first."), ...PROBLEMS },
});

const readDecision = createRoute({
  method: "get",
  path: "/telemetry/decisions/{id}",
  request: { params: z.object({ id: keySchema }) },
  responses: { 200: json(view<DecisionView>(), "One decision with its chain and its policy."), ...PROBLEMS },
});

const readReproduction = createRoute({
  method: "get",
  path: "/telemetry/decisions/{id}/reproduction",
  description: "The decision with the signed policy under which it was made, for `npm run reproduce`.",
  request: { params: z.object({ id: keySchema }) },
  responses: { 200: json(view<Reproduction>(), "A file."), ...PROBLEMS },
});

const readSummaries = createRoute({
  method: "get",
  path: "/telemetry/use-cases",
  responses: { 200: json(view<UseCaseSummary[]>(), "The last 7 days of each use case."), ...PROBLEMS },
});

const readObserved = createRoute({
  method: "get",
  path: "/use-cases/{slug}/observed",
  request: { params: z.object({ slug: keySchema }), query: overviewSchema },
  responses: { 200: json(view<ObservedView>(), "What traffic shows beside what is declared."), ...PROBLEMS },
});

async function sendCsv(c: Context<ApiEnv>): Promise<Response> {
  const parsed = decisionExportSchema.safeParse(c.req.query());
  if (!parsed.success) {
    throw new SluiceError("invalid", "Some fields are not valid.", {
      fields: fieldErrors(parsed.error.issues),
    });
  }
  const pieces = await exportDecisions(c.get("ctx"), parsed.data);
  c.header("content-type", CSV);
  c.header("content-disposition", 'attachment; filename="decisions.csv"');
  return c.body(streamOf(pieces));
}

/** The list of decisions as a file. Mounted first, because it shares its path with the list. */
export const telemetryFiles = apiApp()
  .get("/telemetry/decisions.csv", sendCsv)
  .get("/telemetry/decisions", (c, next) =>
    c.req.header("accept")?.startsWith("text/csv") ? sendCsv(c) : next(),
  );

export const telemetryRoutes = apiApp()
  .openapi(readOverview, async (c) => c.json(await getOverview(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(readSeries, async (c) => c.json(await getSeries(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(readBreakdown, async (c) => c.json(await getBreakdown(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(readLatency, async (c) => c.json(await getLatency(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(readTokens, async (c) => c.json(await getTokens(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(readDecisions, async (c) => c.json(await listDecisions(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(readDecision, async (c) => c.json(await getDecision(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(readReproduction, async (c) => {
    const { id } = c.req.valid("param");
    const reproduction = await getReproduction(c.get("ctx"), { id });
    c.header("Content-Disposition", `attachment; filename="decision-${reproduction.decision.id}.json"`);
    return c.json(reproduction, 200);
  })
  .openapi(readSummaries, async (c) => c.json([...(await getUseCaseSummaries(c.get("ctx"))).values()], 200))
  .openapi(readObserved, async (c) => {
    const { slug: useCase } = c.req.valid("param");
    return c.json(await getObserved(c.get("ctx"), { useCase, ...c.req.valid("query") }), 200);
  });
