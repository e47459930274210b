import type { Effect, Evaluation } from "./evaluate";

const OBSERVED: Readonly<Partial<Record<Effect, Effect>>> = {
  blocked: "would_block",
  redacted: "would_redact",
  needs_approval: "would_require_approval",
};

/** Makes an evaluation one of an observation: after the fact nothing can be stopped, effects say what would have been. */
export function asObserved(evaluation: Evaluation): void {
  if (evaluation.outcome !== "allow") evaluation.outcome = "flag";
  for (const finding of evaluation.findings) finding.effect = OBSERVED[finding.effect] ?? finding.effect;
}
