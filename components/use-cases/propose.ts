import { DATA_CLASSES, type DataClass, type PolicyDocument, type Tool } from "@/lib/policy/document";
import { anyGlobMatches } from "@/lib/policy/glob";
import { nextStage } from "@/lib/readiness/rules";
import type { ObservedField, ObservedView } from "@/lib/telemetry/views";

/** Lists of the baseline that can be declared from what was seen; workloads are registered instead. */
export const DECLARABLE = [
  "purposes",
  "models",
  "dataClasses",
  "tools",
  "destinations",
  "retrievalSources",
] as const satisfies readonly ObservedField[];
export type Declarable = (typeof DECLARABLE)[number];

const READING =
  /^(get|list|read|search|find|check|view|fetch|lookup|look_up|query|count|describe|show)(_|-|$)/i;

/** A tool as it is first proposed: low impact when its name says that it only reads, high otherwise. */
function proposedTool(name: string): Tool {
  return { name, impact: READING.test(name) ? "low" : "high" };
}

/**
 * The document with these values declared besides what it declares already. A list that said "anything" becomes
 * exactly these values. What the list covers already (also by a glob) is not repeated.
 */
export function declare(
  document: PolicyDocument,
  field: Declarable,
  values: readonly string[],
): PolicyDocument {
  const { baseline } = document;
  const declared = baseline[field]?.map((item) => (typeof item === "string" ? item : item.name)) ?? [];
  const news = [...new Set(values)].filter((value) => !anyGlobMatches(declared, value)).sort();
  if (field === "tools") {
    return {
      ...document,
      baseline: { ...baseline, tools: [...(baseline.tools ?? []), ...news.map(proposedTool)] },
    };
  }
  if (field === "dataClasses") {
    const all = new Set([...declared, ...news]);
    const dataClasses: DataClass[] = DATA_CLASSES.filter((name) => all.has(name));
    return { ...document, baseline: { ...baseline, dataClasses } };
  }
  return { ...document, baseline: { ...baseline, [field]: [...declared, ...news] } };
}

/** Declares everything that was seen. A list in which nothing was seen stays as it is. */
export function declareObserved(
  document: PolicyDocument,
  observed: Pick<ObservedView, "fields">,
): PolicyDocument {
  return DECLARABLE.reduce((so, field) => {
    const seen = observed.fields[field].seen.map(({ value }) => value);
    return seen.length === 0 ? so : declare(so, field, seen);
  }, document);
}

/** What a link to a new draft asks to be filled in, as its query says it. */
export interface Wish {
  /** `observed`: all that was seen; `field`: all of one list; `value`: one value; `next-stage`. */
  propose?: string | undefined;
  field?: string | undefined;
  value?: string | undefined;
}

function isDeclarable(field: string | undefined): field is Declarable {
  return DECLARABLE.some((known) => known === field);
}

/** Does filling in this wish need what traffic shows? */
export function needsObserved(wish: Wish): boolean {
  return wish.propose === "observed" || wish.propose === "field";
}

/** The proposal that a draft starts with, and why, in words to be edited. A wish that says nothing changes nothing. */
export function proposalFor(
  wish: Wish,
  document: PolicyDocument,
  observed: Pick<ObservedView, "fields"> | null,
): { proposal: PolicyDocument; justification: string } {
  const nothing = { proposal: document, justification: "" };
  if (wish.propose === "observed" && observed) {
    return {
      proposal: declareObserved(document, observed),
      justification: "Declare the baseline as observed.",
    };
  }
  if (wish.propose === "field" && observed && isDeclarable(wish.field)) {
    const seen = observed.fields[wish.field].seen.map(({ value }) => value);
    return {
      proposal: declare(document, wish.field, seen),
      justification: `Declare as observed: ${wish.field}.`,
    };
  }
  if (wish.propose === "value" && wish.value && isDeclarable(wish.field)) {
    return {
      proposal: declare(document, wish.field, [wish.value]),
      justification: `Approve ${wish.value}, seen in traffic and not declared.`,
    };
  }
  const next = wish.propose === "next-stage" ? nextStage(document) : null;
  return next
    ? { proposal: next, justification: `Raise the stage from ${document.stage} to ${next.stage}.` }
    : nothing;
}
