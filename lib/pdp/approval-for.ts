import type { Answer, Approval } from "./answer";
import type { Approvals } from "./approvals";
import type { Decided, DecideInput } from "./decide";

const SUMMARY = [
  "action",
  "tool",
  "model",
  "destination",
  "retrievalSource",
  "dataClass",
  "purpose",
] as const;

/**
 * The held request of an answer that needs a person's word; null for every other. `given` is what is answered, which
 * under an Idempotency-Key may be older than `decided`: a grant then counts only as long as nothing else than a
 * person's word is missing by now.
 */
export async function approvalFor(
  hold: Approvals["hold"],
  { kind, request, caller }: Pick<DecideInput, "kind" | "request" | "caller">,
  { decision, answer, heldExcerpt }: Decided,
  given: Answer,
): Promise<Approval | null> {
  if (kind !== "decision" || given.outcome !== "require_approval") return null;
  const stillHeld = answer.outcome === "require_approval";
  const asking = answer.findings.filter(({ effect }) => effect === "needs_approval");
  return hold({
    request,
    actorHash: decision.actorHash,
    decisionId: given.decisionId,
    useCase: { id: decision.useCaseId, slug: decision.useCase },
    workload: caller.workload,
    controls: stillHeld ? asking.map(({ control }) => control).sort() : null,
    summary: Object.fromEntries(
      SUMMARY.flatMap((name) => {
        const value = decision.facts[name];
        return value === undefined ? [] : [[name, value.replaceAll("\u0000", "\ufffd")]];
      }),
    ),
    excerpt: heldExcerpt,
    synthetic: decision.synthetic,
  });
}

/** What another is told who asked under the same key at the same moment: a grant lets one of them pass. */
export function asRepeat(answer: Answer): Answer {
  const { approval } = answer;
  return approval?.status === "granted" ? { ...answer, approval: { ...approval, status: "used" } } : answer;
}
