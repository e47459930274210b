import { ACTIONS } from "../vocabulary";
import { clauses } from "./clauses";
import type { Clause, Control } from "./types";

function departure(id: string, title: string, catches: string, served: readonly Clause[]): Control {
  return {
    id,
    family: "baseline",
    title,
    catches: `${catches} A request that does not state it is not judged by it.`,
    misses: null,
    confidence: "high",
    actions: ACTIONS,
    takesSensitivity: false,
    knowsSpans: false,
    usualMode: "enforce",
    clauses: [...served, ...clauses("csf", "DE.CM-09")],
  };
}

/** Departures from the baseline, and tools that need a person. */
export const BASELINE_CONTROLS: readonly Control[] = [
  departure("model-not-approved", "Model not approved", "A model outside the baseline.", [
    ...clauses("llm", "LLM04:2026"),
    ...clauses("llm2025", "LLM03:2025"),
    ...clauses("asi", "ASI04:2026"),
    ...clauses("iso42001", "A.10.3"),
  ]),
  departure("tool-not-approved", "Tool not approved", "A tool outside the baseline.", [
    ...clauses("llm", "LLM03:2026"),
    ...clauses("llm2025", "LLM06:2025"),
    ...clauses("asi", "ASI02:2026"),
    ...clauses("atlas", "AML.T0053"),
  ]),
  departure(
    "data-class-exceeded",
    "Data class exceeded",
    "Data of a class above the highest in the baseline.",
    [...clauses("llm", "LLM02:2026"), ...clauses("llm2025", "LLM02:2025"), ...clauses("iso42001", "A.7.2")],
  ),
  departure("destination-not-approved", "Destination not approved", "A destination outside the baseline.", [
    ...clauses("llm", "LLM02:2026"),
    ...clauses("llm2025", "LLM02:2025"),
    ...clauses("atlas", "AML.T0086"),
    ...clauses("csf", "PR.DS-02"),
  ]),
  departure(
    "retrieval-source-not-approved",
    "Retrieval source not approved",
    "A retrieval source outside the baseline.",
    [...clauses("llm", "LLM09:2026"), ...clauses("llm2025", "LLM08:2025"), ...clauses("asi", "ASI06:2026")],
  ),
  departure("purpose-not-approved", "Purpose not approved", "A purpose outside the baseline.", [
    ...clauses("iso42001", "A.9.4"),
    ...clauses("csf", "PR.AA-05"),
  ]),
  {
    id: "high-impact-tool",
    family: "human-in-the-loop",
    title: "High-impact tool",
    catches:
      "A call of a tool that the baseline marks as high impact, or of one that a baselined list does not rate.",
    misses: null,
    confidence: "high",
    actions: ["tool_call"],
    takesSensitivity: false,
    knowsSpans: false,
    usualMode: "require_approval",
    clauses: [
      ...clauses("llm", "LLM03:2026"),
      ...clauses("llm2025", "LLM06:2025"),
      ...clauses("asi", "ASI02:2026", "ASI09:2026"),
      ...clauses("euAiAct", "Article 14"),
    ],
  },
];
