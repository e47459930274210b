import { ACTIONS } from "../vocabulary";
import { clauses } from "./clauses";

import type { Control } from "./types";

/** What a moderation level lets through; the scores behind the levels are those of the detector in use. */
const MODERATION_MISSES = {
  L1: "All but the most explicit content.",
  L2: "Implied and coded content.",
  L3: "Borderline content in fiction, news and medicine.",
  L4: "Content that the outside detector does not recognise, other languages above all.",
};

function moderation(topic: string, title: string, catches: string, enforced: boolean): Control {
  return {
    id: `moderation/${topic}`,
    family: "content",
    title,
    catches: `${catches} Needs a signal from the caller or an outside detector.`,
    misses: MODERATION_MISSES,
    confidence: "medium",
    actions: ACTIONS,
    takesSensitivity: true,
    knowsSpans: false,
    usualMode: enforced ? "enforce" : "log",
    clauses: [
      ...clauses("llm", "LLM10:2026"),
      ...clauses("llm2025", "LLM05:2025"),
      ...clauses("euAiAct", "Article 5"),
      ...clauses("iso42001", "A.9.2"),
    ],
  };
}

/** Content and links. */
export const CONTENT_CONTROLS: readonly Control[] = [
  moderation("hate", "Hate", "Hatred and harassment of people for what they are.", true),
  moderation("sexual", "Sexual content", "Sexual content; that concerning minors at every level.", true),
  moderation("violence", "Violence", "Violence and its glorification.", true),
  moderation("self-harm", "Self-harm", "Encouragement of and instructions for self-harm.", true),
  moderation("weapons", "Weapons", "How to make or get weapons.", true),
  moderation("crime", "Crime", "How to commit crimes and hide them.", true),
  moderation("profanity", "Profanity", "Swearing.", false),
  {
    id: "unknown-links",
    family: "links",
    title: "Unknown links",
    catches: "Links in content that lead outside the approved destinations.",
    misses: {
      L1: "Links to well-known and plainly written hosts; only raw addresses and disguised hosts are caught.",
      L2: "Links to hosts of ordinary form, and those without a scheme.",
      L3: "Hosts that are named without a scheme.",
      L4: "Links hidden behind redirects of approved destinations.",
    },
    confidence: "medium",
    actions: ACTIONS,
    takesSensitivity: true,
    knowsSpans: true,
    usualMode: "redact",
    clauses: [
      ...clauses("llm", "LLM02:2026", "LLM10:2026"),
      ...clauses("llm2025", "LLM02:2025", "LLM05:2025"),
      ...clauses("atlas", "AML.T0086"),
      ...clauses("csf", "PR.DS-02"),
    ],
  },
];
