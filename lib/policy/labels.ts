import { getControl } from "./catalogue";
import type { Safeguard, Tool } from "./document";

const FIELDS: Record<string, string> = {
  template: "Template",
  stage: "Stage",
  "limited.controls": "Enrolled controls",
  "limited.cohort.percent": "Enrolled sessions (%)",
  "limited.cohort.workloads": "Enrolled workloads",
  failMode: "When the decision point cannot be asked",
  capture: "Kept content",
  detectors: "Outside detectors",
  safeguard: "Step-down safeguard",
  "baseline.purposes": "Purposes",
  "baseline.models": "Models",
  "baseline.dataClasses": "Data classes",
  "baseline.tools": "Tools",
  "baseline.destinations": "Destinations",
  "baseline.retrievalSources": "Retrieval sources",
  "baseline.credentials.kinds": "Kinds of credential",
  "baseline.credentials.maxAgeHours": "Longest age of a credential (hours)",
  "baseline.traffic.requestsPerMinute": "Requests a minute",
  "baseline.traffic.promptChars": "Characters of a prompt",
  "baseline.traffic.toolCallsPerSession": "Tool calls in a session",
};

const BINDING_FIELDS: Record<string, string> = {
  mode: "mode",
  sensitivity: "sensitivity",
  when: "condition",
  phrases: "phrases",
  patterns: "patterns",
};

/** The name of a field for people: `baseline.models` is “Models”, `controls.secrets.mode` is “Secrets: mode”. */
export function fieldTitle(path: string): string {
  const binding = /^controls\.(.+)\.([a-z]+)$/.exec(path);
  if (!binding) return FIELDS[path] ?? path;
  const [, id = "", field = ""] = binding;
  return `${getControl(id)?.title ?? id}: ${BINDING_FIELDS[field] ?? field}`;
}

function isTool(value: unknown): value is Tool {
  return typeof value === "object" && value !== null && "impact" in value;
}

function isSafeguard(value: unknown): value is Safeguard {
  return typeof value === "object" && value !== null && "blocksPerHour" in value;
}

/** The bounds of a safeguard in words. */
export function safeguardText({ blocksPerHour, appealsPerDay }: Safeguard): string {
  const bounds = [
    ...(blocksPerHour === null ? [] : [`more than ${blocksPerHour} blocks in an hour`]),
    ...(appealsPerDay === null ? [] : [`more than ${appealsPerDay} appeals in a day`]),
  ];
  return bounds.join(" or ") || "no bound";
}

interface Window {
  name: string;
  from: string;
  to: string;
  useCases: string[] | null;
}

function isWindow(value: unknown): value is Window {
  return typeof value === "object" && value !== null && "from" in value && "useCases" in value;
}

const MINUTE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** An instant in a sentence that has no reader's zone: “4 Jan 2027, 08:30 UTC”. */
export function instantText(instant: string | Date): string {
  return `${MINUTE.format(new Date(instant))} UTC`;
}

/** A freeze window: “Year end, 20 Dec 2026, 00:00 UTC until 4 Jan 2027, 00:00 UTC, support-bot”. */
function windowText({ name, from, to, useCases }: Window): string {
  return `${name}, ${instantText(from)} until ${instantText(to)}, ${useCases?.join(", ") ?? "every use case"}`;
}

function itemText(item: unknown): string {
  if (isTool(item)) return `${item.name} (${item.impact} impact)`;
  return isWindow(item) ? windowText(item) : String(item);
}

function listMove(from: readonly unknown[], to: readonly unknown[]): string {
  const [before, after] = [from.map(itemText), to.map(itemText)];
  const gone = before.filter((item) => !after.includes(item));
  const come = after.filter((item) => !before.includes(item));
  const said = [
    come.length > 0 ? `added ${come.join(", ")}` : "",
    gone.length > 0 ? `removed ${gone.join(", ")}` : "",
  ].filter(Boolean);
  return said.join("; ") || "written in another order";
}

/** A value of a field for people: `null` is “anything”, an empty list “nothing”. A condition stands as it is written. */
export function valueText(value: unknown): string {
  if (value === undefined) return "none";
  if (value === null) return "anything";
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.map(itemText).join(", ");
  if (isSafeguard(value)) return safeguardText(value);
  const text = String(value);
  return /^[a-z_]+$/.test(text) ? text.replaceAll("_", " ") : text;
}

/** A value of the field at `path` for people: of a limit `null` is “no limit”, enrolled controls stand by their titles, seats in plain words. */
export function fieldText(path: string, value: unknown): string {
  if (value === null && LIMITS.has(path)) return "no limit";
  if (!Array.isArray(value)) return valueText(value);
  if (path === "limited.controls") return valueText(value.map((id) => getControl(String(id))?.title ?? id));
  if (SEATS.test(path)) return valueText(value.map((seat) => String(seat).replace("_", " ")));
  return valueText(value);
}

/** Fields of a setting that hold seats. */
const SEATS = /^(policy|organisation)\.(tightens|loosens)\b/;

const LIMITS: ReadonlySet<string> = new Set([
  "baseline.credentials.maxAgeHours",
  "baseline.traffic.requestsPerMinute",
  "baseline.traffic.promptChars",
  "baseline.traffic.toolCallsPerSession",
]);

/** A change in a sentence: “Models: added openai/*; removed openai/gpt-4o”, “Stage: from logging to limited”. */
export function moveLabel(path: string, from: unknown, to: unknown): string {
  const change =
    Array.isArray(from) && Array.isArray(to)
      ? listMove(from, to)
      : `from ${fieldText(path, from)} to ${fieldText(path, to)}`;
  return `${fieldTitle(path)}: ${change}`;
}
