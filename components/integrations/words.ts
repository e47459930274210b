import type { CanaryAnswer, CanaryDecision, CanaryTrial } from "@/lib/integrations/views";

/** Whether a client can stop what is blocked. */
export function reachText(observesOnly: boolean | undefined): string {
  return observesOnly ? "only observes" : "can block";
}

/** Those that the canary made at an instant could have met; all that may still live when none was made here. */
export function metSince(met: readonly CanaryDecision[], madeAt: string | null): CanaryDecision[] {
  return madeAt === null ? [...met] : met.filter(({ decidedAt }) => decidedAt >= madeAt);
}

/** `Blocked`, or that it was only seen. */
export function metText({ kind, outcome }: Pick<CanaryDecision, "kind" | "outcome">): string {
  if (kind === "observation") return "Seen afterwards, too late to be blocked,";
  return outcome === "block" ? "Blocked" : `Answered with ${outcome.replaceAll("_", " ")}`;
}

/** One answer in a sentence. */
export function answerText(
  what: "canary" | "ordinary",
  { verdict, asCanary, problem }: CanaryAnswer,
): string {
  if (verdict === "unanswered") return `Did not answer. ${problem}`;
  if (verdict === "refused") return `No decision. ${problem}`;
  if (verdict === "passed") {
    return what === "ordinary"
      ? "Not blocked, as it should be."
      : "Not blocked. Does this credential serve the chosen use case? A canary is blocked for that one only.";
  }
  if (what === "ordinary") {
    return asCanary
      ? "Blocked as a canary, which it is not."
      : "Blocked too, for another reason: the policy stops this text in its own right.";
  }
  return asCanary
    ? "Blocked, and named as the canary that it is."
    : "Blocked, but not as a canary: something else stopped it.";
}

/** What both answers prove together. */
export function trialText({ canary, ordinary }: Pick<CanaryTrial, "canary" | "ordinary">): {
  proven: boolean;
  text: string;
} {
  if (canary.verdict === "unanswered" || canary.verdict === "refused") {
    return { proven: false, text: "Nothing is proven: there is no decision." };
  }
  const proven = canary.verdict === "blocked" && canary.asCanary && !ordinary.asCanary;
  if (!proven) return { proven, text: "The decision point does not tell the canary from other texts." };
  const text = "The decision point blocks what it must for this credential.";
  return ordinary.verdict === "passed"
    ? { proven, text }
    : { proven, text: `${text} An ordinary text does not get through, however.` };
}
