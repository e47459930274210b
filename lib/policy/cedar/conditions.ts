import { isCustomControl } from "../catalogue";
import { type Baseline, type ControlBinding, DATA_CLASSES, levelOf, type PolicyDocument } from "../document";
import { anyOf } from "../when";

const NEVER = "false";
const quoted = (text: string) => JSON.stringify(text);

/** `field` is one of the texts: exact ones as a set, globs by `like`. */
function matches(field: string, globs: readonly string[]): string {
  const exact = globs.filter((glob) => !glob.includes("*"));
  const set = exact.length > 0 ? [`[${exact.map(quoted).join(", ")}].contains(${field})`] : [];
  const likes = globs.filter((glob) => glob.includes("*")).map((glob) => `${field} like ${quoted(glob)}`);
  return anyOf([...set, ...likes]) ?? NEVER;
}

/** The request states `field`, and it is none of the approved ones. */
function departs(field: string, approved: readonly string[] | null): string {
  if (approved === null) return NEVER;
  return `${field} != "" && !(${matches(field, approved)})`;
}

function above(field: string, threshold: number | null): string {
  return threshold === null ? NEVER : `${field} > ${threshold}`;
}

function classesAbove(approved: Baseline["dataClasses"]): string {
  if (approved === null) return NEVER;
  const highest = Math.max(-1, ...approved.map((dataClass) => DATA_CLASSES.indexOf(dataClass)));
  return matches("context.dataClass", DATA_CLASSES.slice(highest + 1));
}

function highImpact(tools: Baseline["tools"]): string {
  if (tools === null) return NEVER;
  const named = (impact: "low" | "high") =>
    matches(
      "context.tool",
      tools.filter((tool) => tool.impact === impact).map((tool) => tool.name),
    );
  return `context.tool != "" && (${named("high")} || !(${named("low")}))`;
}

const BY_BASELINE: Record<string, (baseline: Baseline) => string> = {
  "model-not-approved": ({ models }) => departs("context.model", models),
  "tool-not-approved": ({ tools }) => departs("context.tool", tools?.map((tool) => tool.name) ?? null),
  "data-class-exceeded": ({ dataClasses }) => classesAbove(dataClasses),
  "destination-not-approved": ({ destinations }) => departs("context.destination", destinations),
  "retrieval-source-not-approved": ({ retrievalSources }) =>
    departs("context.retrievalSource", retrievalSources),
  "purpose-not-approved": ({ purposes }) => departs("context.purpose", purposes),
  "high-impact-tool": ({ tools }) => highImpact(tools),
  "credential-kind": ({ credentials: { kinds } }) =>
    kinds === null ? NEVER : `!(${matches("context.credentialKind", kinds)})`,
  "credential-age": ({ credentials }) => above("context.credentialAgeHours", credentials.maxAgeHours),
  "unattributed-actor": () => "!context.attributed",
  "request-rate": ({ traffic }) => above("context.requestsPerMinute", traffic.requestsPerMinute),
  "prompt-size": ({ traffic }) => above("context.promptChars", traffic.promptChars),
  "detector-unavailable": () => "context.unavailableDetectors > 0",
  "tool-call-count": ({ traffic }) => above("context.toolCalls", traffic.toolCallsPerSession),
};

function signalled(id: string, binding: ControlBinding): string | null {
  if (binding.sensitivity === undefined) return null;
  const level = levelOf(binding.sensitivity);
  if (id === "unknown-links") return `context.unknownLinks > 0 && context.unknownLinks <= ${level}`;
  return `context.signals has ${quoted(id)} && context.signals[${quoted(id)}] <= ${level}`;
}

/** The Cedar condition under which a control fires. A custom one fires on its signal or on its own condition. */
export function conditionOf(id: string, binding: ControlBinding, document: PolicyDocument): string {
  const signal = signalled(id, binding);
  if (!isCustomControl(id)) return signal ?? BY_BASELINE[id]?.(document.baseline) ?? NEVER;
  const parts = [signal, binding.when].filter((part) => part !== null && part !== undefined);
  return anyOf(parts.length > 1 ? parts.map((part) => `(${part})`) : parts) ?? NEVER;
}
