import type { Facts } from "@/lib/policy/facts";

/**
 * The fact without which a control cannot fire, by control: a request that names no tool says nothing about what a
 * control of tools would do.
 */
export const SUBJECTS: Readonly<Record<string, { fact: keyof Facts; name: string }>> = {
  "model-not-approved": { fact: "model", name: "model" },
  "tool-not-approved": { fact: "tool", name: "tool" },
  "high-impact-tool": { fact: "tool", name: "tool" },
  "data-class-exceeded": { fact: "dataClass", name: "data class" },
  "destination-not-approved": { fact: "destination", name: "destination" },
  "retrieval-source-not-approved": { fact: "retrievalSource", name: "retrieval source" },
  "purpose-not-approved": { fact: "purpose", name: "purpose" },
};

/** Could this control have fired on these facts at all? */
export function isTried(control: string, facts: Facts): boolean {
  const subject = SUBJECTS[control];
  return subject === undefined || facts[subject.fact] !== undefined;
}
