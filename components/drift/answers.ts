import type { DriftDimension } from "@/lib/drift/rules";
import type { DriftAnswer, DriftRow } from "@/lib/drift/views";

type Named = Pick<DriftRow, "dimension" | "value">;

/** The page of a new change of this use case's policy, with these values declared. */
export function declareHref(useCase: string, values: readonly Named[]): string {
  const query = new URLSearchParams({ useCase });
  for (const { dimension, value } of values) query.append("declare", `${dimension}:${value}`);
  return `/changes/new?${query}`;
}

/** In what part of an exception's scope a value stands. */
const SCOPES: Partial<Record<DriftDimension, string>> = {
  models: "model",
  tools: "tool",
  dataClasses: "dataClass",
  destinations: "destination",
  purposes: "purpose",
};

/**
 * The page of a new exception that spares this value and nothing else. What a scope cannot name (a retrieval source, a
 * volume, a credential) is limited to the workloads that showed it.
 */
export function exceptHref({ useCase, dimension, value, controls, workloads }: DriftRow): string {
  const query = new URLSearchParams({ useCase: useCase.slug });
  for (const { id } of controls) query.append("control", id);
  const scope = SCOPES[dimension];
  if (scope) query.append(scope, value);
  else for (const { slug } of workloads) query.append("workload", slug);
  return `/exceptions/new?${query}`;
}

/** The explorer's own filters by which the decisions of a value can be found. */
const FILTERS: Partial<Record<DriftDimension, string>> = {
  models: "model",
  tools: "tool",
  dataClasses: "dataClass",
  purposes: "purpose",
  destinations: "destination",
  retrievalSources: "retrievalSource",
};

/** The decisions that showed a value; null where the explorer has no such filter. */
export function decisionsHref(
  { useCase, dimension, value }: Pick<DriftRow, "useCase" | "dimension" | "value">,
  days: number,
): string | null {
  const filter = FILTERS[dimension];
  if (!filter) return null;
  const query = new URLSearchParams({ useCase: useCase.slug, [filter]: value, period: `${days}d` });
  return `/telemetry/decisions?${query}`;
}

export function mayAnswer({ answers }: DriftRow, answer: DriftAnswer): boolean {
  return answers.some(({ name, allowed }) => name === answer && allowed);
}
