import {
  CREDENTIAL_AGE_HOURS_BOUNDS,
  PROMPT_CHARS_BOUNDS,
  REQUESTS_PER_MINUTE_BOUNDS,
  TOOL_CALLS_BOUNDS,
} from "@/lib/policy/buckets";
import type { Facts } from "@/lib/policy/facts";
import { sensitivityOf } from "@/lib/policy/vocabulary";
import { controlTitle, numberText, plural, word } from "../words";

export interface FactLine {
  name: string;
  value: string;
}

const KINDS: Record<Facts["credential"]["kind"], string> = {
  static: "a static credential",
  federated: "a federated credential",
  task: "a credential of one task",
};

/** What the policy could see of a request, in words, in the order in which people ask. Absent facts are left out. */
export function factLines(facts: Facts): FactLine[] {
  const { credential } = facts;
  return [
    line("Action", word(facts.action)),
    line("Tool", facts.tool),
    line("Destination", facts.destination),
    line("Retrieved from", facts.retrievalSource),
    line("Data class", facts.dataClass),
    line("Model", facts.model),
    line("Purpose", facts.purpose),
    line("Workload", `${facts.workload}, in ${facts.environment}`),
    line("Credential", `${KINDS[credential.kind]}, ${ageText(credential.ageBucket)}`),
    line("On behalf of", facts.attributed ? "a person or a named task" : "nobody that was named"),
    line("Length", upTo(facts.promptCharsBucket, PROMPT_CHARS_BOUNDS, "characters")),
    line("Rate of the workload", upTo(facts.requestRateBucket, REQUESTS_PER_MINUTE_BOUNDS, "a minute")),
    line("Tool calls in the session", upTo(facts.toolCallsBucket, TOOL_CALLS_BOUNDS, "so far")),
    line("Cohort", `enrolled once a limited stage covers ${facts.cohort} % of sessions`),
    line("Signals", signalText(facts.signals)),
    line("Links", linkText(facts.links)),
    line("Detectors that did not answer", facts.unavailable?.join(", ")),
    line("Canary", facts.canary && "a test that every policy blocks"),
  ].filter((each) => each !== null);
}

function line(name: string, value: string | undefined): FactLine | null {
  return value === undefined ? null : { name, value };
}

/** A bucket is its upper bound; one above the last bound says what it exceeds. */
function upTo(bucket: number | undefined, bounds: readonly number[], unit: string): string | undefined {
  if (bucket === undefined) return undefined;
  const last = bounds.at(-1) ?? 0;
  return bucket > last ? `more than ${numberText(last)} ${unit}` : `up to ${numberText(bucket)} ${unit}`;
}

function ageText(hours: number): string {
  const last = CREDENTIAL_AGE_HOURS_BOUNDS.at(-1) ?? 0;
  if (hours > last) return `more than ${numberText(last / 24)} days old`;
  return hours <= 72 ? `at most ${plural(hours, "hour")} old` : `at most ${numberText(hours / 24)} days old`;
}

function signalText(signals: Facts["signals"]): string {
  const seen = Object.entries(signals).map(([id, level]) => `${controlTitle(id)} (${sensitivityOf(level)})`);
  return seen.length > 0 ? seen.join(", ") : "none";
}

function linkText(links: Facts["links"]): string | undefined {
  const hosts = Object.keys(links);
  return hosts.length > 0 ? hosts.join(", ") : undefined;
}
