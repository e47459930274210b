import { DIMENSIONS } from "@/lib/drift/rules";
import { CONTROLS, type Control, getControl, isCustomControl } from "@/lib/policy/catalogue";
import type { PolicyDocument } from "@/lib/policy/document";
import type { Facts } from "@/lib/policy/facts";
import { globMatches } from "@/lib/policy/glob";
import { unknownLinksLevel } from "@/lib/policy/links";
import { levelOf, SENSITIVITIES } from "@/lib/policy/vocabulary";
import type { ControlLevels, ObservedField, ObservedList, ObservedValue } from "./views";

/** Facts with how often, and in which hours first and last, they were seen. */
export interface SeenFacts {
  facts: Facts;
  n: number;
  first: Date;
  last: Date;
}

/** What a use case declares; null: anything. */
export type Declared = Record<ObservedField, string[] | null>;

/** How many values of a field are listed, those not declared first. */
export const OBSERVED_LIMIT = 200;

const VALUE_OF: Record<ObservedField, (facts: Facts) => string | undefined> = {
  models: (facts) => facts.model,
  tools: (facts) => facts.tool,
  dataClasses: (facts) => facts.dataClass,
  destinations: (facts) => facts.destination,
  purposes: (facts) => facts.purpose,
  retrievalSources: (facts) => facts.retrievalSource,
  workloads: (facts) => facts.workload,
};

export const OBSERVED_FIELDS = Object.keys(VALUE_OF) as ObservedField[];

/** What the document declares, with the workloads that are registered for the use case. */
export function declaredBy(document: PolicyDocument | null, workloads: string[]): Declared {
  const baseline = document?.baseline;
  return {
    models: baseline?.models ?? null,
    tools: baseline?.tools?.map((tool) => tool.name) ?? null,
    dataClasses: baseline?.dataClasses ?? null,
    destinations: baseline?.destinations ?? null,
    purposes: baseline?.purposes ?? null,
    retrievalSources: baseline?.retrievalSources ?? null,
    workloads,
  };
}

/** Is a value of a field within what is declared? Judged as drift is, which is as the evaluator's controls do. */
function isDeclared(
  field: ObservedField,
  value: string,
  document: PolicyDocument | null,
  declared: string[] | null,
): boolean {
  if (field === "workloads") return declared?.includes(value) ?? true;
  return document === null || DIMENSIONS[field].admits(document.baseline, value);
}

/** The values of one field beside what is declared: not declared first, then the most frequent, then by name. */
export function observeField(
  field: ObservedField,
  seen: readonly SeenFacts[],
  document: PolicyDocument | null,
  declared: string[] | null,
): ObservedList {
  const values = new Map<string, { n: number; first: Date; last: Date }>();
  for (const { facts, n, first, last } of seen) {
    const value = VALUE_OF[field](facts);
    if (value === undefined) continue;
    const known = values.get(value);
    values.set(value, {
      n: (known?.n ?? 0) + n,
      first: known && known.first < first ? known.first : first,
      last: known && known.last > last ? known.last : last,
    });
  }
  const rows = [...values].map(
    ([value, { n, first, last }]): ObservedValue => ({
      value,
      n,
      firstSeenAt: first.toISOString(),
      lastSeenAt: last.toISOString(),
      isDeclared: isDeclared(field, value, document, declared),
    }),
  );
  rows.sort(
    (a, b) => Number(a.isDeclared) - Number(b.isDeclared) || b.n - a.n || (a.value < b.value ? -1 : 1),
  );
  return {
    field,
    declared,
    seen: rows.slice(0, OBSERVED_LIMIT),
    seenOf: rows.length,
    unused: (declared ?? []).filter((glob) => !rows.some(({ value }) => globMatches(glob, value))),
  };
}

/** For each control on content: how many decisions each of its levels would have fired on. */
export function observeLevels(seen: readonly SeenFacts[], document: PolicyDocument | null): ControlLevels[] {
  return contentControls(document).map((control) => {
    const binding = document?.controls[control.id];
    const fired = { L1: 0, L2: 0, L3: 0, L4: 0 };
    let of = 0;
    for (const { facts, n } of seen) {
      if (!control.actions.includes(facts.action)) continue;
      of += n;
      const level = levelIn(control, facts, document);
      for (const sensitivity of SENSITIVITIES) {
        if (level > 0 && level <= levelOf(sensitivity)) fired[sensitivity] += n;
      }
    }
    return {
      control: control.id,
      mode: binding?.mode ?? null,
      sensitivity: binding?.sensitivity ?? null,
      fired,
      of,
    };
  });
}

/** Controls whose sensitivity alone decides: built-in ones on content, and custom ones without a condition. */
function contentControls(document: PolicyDocument | null): Control[] {
  const custom = Object.entries(document?.controls ?? {}).flatMap(([id, binding]) => {
    const control = isCustomControl(id) && binding.when === undefined ? getControl(id, binding) : null;
    return control ? [control] : [];
  });
  return [...CONTROLS, ...custom].filter((control) => control.takesSensitivity);
}

function levelIn(control: Control, facts: Facts, document: PolicyDocument | null): number {
  if (control.id !== "unknown-links") return facts.signals[control.id] ?? 0;
  return document ? unknownLinksLevel(facts, document) : 0;
}
