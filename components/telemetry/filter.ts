/** What the explorer filters by besides the period; each stands in the address under its own name. */
export const FILTERS = [
  "useCase",
  "outcome",
  "wouldBe",
  "control",
  "workload",
  "model",
  "tool",
  "dataClass",
  "purpose",
  "destination",
  "retrievalSource",
  "session",
  "kind",
  "exempted",
] as const;
export type FilterName = (typeof FILTERS)[number];
export type FilterValues = Partial<Record<FilterName, string>>;

/** The filters that an address sets. */
export function filtersOf(params: { get(name: string): string | null }): FilterValues {
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = params.get(name);
      return value ? [[name, value]] : [];
    }),
  );
}

/** A period up to now, or the time between two instants, as an address has it. */
export type Window = { period: string } | { from: string; to: string };

/** The address of the explorer with these filters, in a period of its own words or between two instants. */
export function decisionsHref(filters: FilterValues, window: Window): string {
  const set = Object.entries({ ...filters, ...window }).filter(([, value]) => value !== undefined);
  return `/telemetry/decisions?${new URLSearchParams(set as [string, string][])}`;
}

/** `24h` and the like, or the two instants, as the address has them. */
export function windowParams(params: { get(name: string): string | null }): Window {
  const [from, to] = [params.get("from"), params.get("to")];
  return from && to ? { from, to } : { period: params.get("period") ?? "7d" };
}
