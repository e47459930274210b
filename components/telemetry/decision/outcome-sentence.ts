import type { Outcome } from "@/lib/policy/vocabulary";
import type { DecisionView } from "@/lib/telemetry/views";
import { CANARY, controlTitle, plural } from "../words";

type Judged = Pick<DecisionView, "outcome" | "wouldBe" | "findings" | "kind">;

const DONE: Record<Outcome, string> = {
  allow: "The request passed; no control fired.",
  flag: "The request passed and was flagged.",
  redact: "The request passed with parts masked.",
  require_approval: "The request was held until somebody approves it.",
  block: "The request was blocked.",
};

const WOULD: Record<Outcome, string> = {
  allow: "pass",
  flag: "only be flagged",
  redact: "be passed with parts masked",
  require_approval: "be held for approval",
  block: "be blocked",
};

/** What came out and why, in a sentence or two. */
export function outcomeSentence(decision: Judged): string {
  const spared = decision.findings.filter(({ effect }) => effect === "exempted");
  const sentences = [DONE[decision.outcome]];
  if (decision.findings.some(({ control }) => control === CANARY)) {
    sentences.push("It was a canary, sent to try whether what is blocked is stopped: no policy spares it.");
  }
  if (decision.wouldBe !== decision.outcome) {
    sentences.push(`Were the policy enforcing, it would ${WOULD[decision.wouldBe]}.`);
  }
  if (spared.length > 0) {
    const names = spared.map(({ control }) => controlTitle(control)).join(", ");
    const refs = [...new Set(spared.map(({ exception }) => exception?.ref).filter(Boolean))].join(", ");
    sentences.push(`${plural(spared.length, "finding")} (${names}) spared by ${refs || "an exception"}.`);
  }
  return sentences.join(" ");
}
