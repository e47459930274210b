import { api, fetched } from "@/components/api";
import type { DecisionListView } from "@/lib/telemetry/views";
import { filtersOf } from "./filter";
import { windowOf } from "./period";

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
