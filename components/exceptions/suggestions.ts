import type { PolicyDocument } from "@/lib/policy/document";

/** What a use case's policy knows, to be picked instead of typed. */
export interface ScopeSuggestions {
  workloads: { slug: string; name: string }[];
  models: string[];
  tools: string[];
  destinations: string[];
  purposes: string[];
  /** The organisation's own controls that the policy binds. */
  customControls: string[];
}

export const NO_SUGGESTIONS: ScopeSuggestions = {
  workloads: [],
  models: [],
  tools: [],
  destinations: [],
  purposes: [],
  customControls: [],
};

/** Suggestions from the policy in force and the use case's workloads. */
export function suggestionsOf(
  document: PolicyDocument,
  workloads: ScopeSuggestions["workloads"],
): ScopeSuggestions {
  const { baseline, controls } = document;
  return {
    workloads,
    models: baseline.models ?? [],
    tools: (baseline.tools ?? []).map(({ name }) => name),
    destinations: baseline.destinations ?? [],
    purposes: baseline.purposes ?? [],
    customControls: Object.keys(controls).filter((id) => id.startsWith("custom/")),
  };
}
