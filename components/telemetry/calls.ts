import { api, fetched } from "@/components/api";
import type {
  BreakdownView,
  DecisionListView,
  LatencyView,
  OverviewView,
  SeriesView,
  TokensView,
} from "@/lib/telemetry/views";
import { filtersOf } from "./filter";
import { bucketOf, windowOf } from "./period";

interface Params {
  get(name: string): string | null;
}

/** Rows on a page of the explorer. */
export const PAGE_SIZE = 50;

/** A page of decisions with exactly what was asked, so that an export can ask the same. */
export interface AskedDecisions {
  filter: Record<string, string>;
  list: DecisionListView;
}

/** The filter that an address asks for, its period as instants. */
export function decisionFilter(
  params: Params,
  now: Date,
): Record<string, string> & { from: string; to: string } {
  return { ...filtersOf(params), ...windowOf(params, now) };
}

export async function askDecisions(params: Params, now: Date): Promise<AskedDecisions> {
  const filter = decisionFilter(params, now);
  const cursor = params.get("cursor");
  const query = { ...filter, limit: String(PAGE_SIZE), ...(cursor ? { cursor } : {}) };
  return { filter, list: await fetched(api.telemetry.decisions.$get({ query })) };
}

/** The CSV of exactly what was asked, all of it. */
export function exportHref({ filter }: AskedDecisions): string {
  return `/api/v1/telemetry/decisions.csv?${new URLSearchParams(filter)}`;
}

/** What traffic is broken down by, in the order in which people read it. */
export const BREAKDOWNS = ["control", "workload", "model", "tool", "data_class"] as const;
export type BreakdownBy = (typeof BREAKDOWNS)[number];

/** Values shown of each dimension, and of the one that the address asks for in full. */
const SHORT = 10;
const FULL = 100;

/** All that the page of traffic shows, for one window. */
export interface Traffic {
  series: SeriesView;
  breakdowns: Record<BreakdownBy, BreakdownView>;
  latency: LatencyView;
  tokens: TokensView;
}

/** How many values of a dimension the address asks for (`full=tool`). */
export function breakdownLimit(params: Params, dimension: BreakdownBy): number {
  return params.get("full") === dimension ? FULL : SHORT;
}

/** What the address asks of traffic: the window, the use case, what is counted. */
export function trafficQuery(params: Params, now: Date) {
  const useCase = params.get("useCase");
  return {
    window: { ...windowOf(params, now), ...(useCase ? { useCase } : {}) },
    bucket: bucketOf(params),
    by: params.get("by") === "wouldBe" ? ("wouldBe" as const) : ("outcome" as const),
  };
}

export async function askTraffic(params: Params, now: Date): Promise<Traffic> {
  const { window, bucket, by } = trafficQuery(params, now);
  const [series, latency, tokens, ...broken] = await Promise.all([
    fetched(api.telemetry.series.$get({ query: { ...window, bucket, by } })),
    fetched(api.telemetry.latency.$get({ query: window })),
    fetched(api.telemetry.tokens.$get({ query: window })),
    ...BREAKDOWNS.map((dimension) =>
      fetched(
        api.telemetry.breakdown.$get({
          query: { ...window, dimension, by, limit: breakdownLimit(params, dimension) },
        }),
      ),
    ),
  ]);
  return { series, latency, tokens, breakdowns: byDimension(broken) };
}

/** The answers, in the order of `BREAKDOWNS`, by name. */
export function byDimension(answers: readonly BreakdownView[]): Traffic["breakdowns"] {
  return Object.fromEntries(BREAKDOWNS.map((name, at) => [name, answers[at]])) as Traffic["breakdowns"];
}

/** The overview of the last 30 days. */
export function askOverview(now: Date): Promise<OverviewView> {
  return fetched(api.telemetry.overview.$get({ query: overviewWindow(now) }));
}

const OVERVIEW_DAYS = 30;

export function overviewWindow(now: Date): { from: string; to: string } {
  return {
    from: new Date(now.getTime() - OVERVIEW_DAYS * 86_400_000).toISOString(),
    to: now.toISOString(),
  };
}
