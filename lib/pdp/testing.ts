import { factsDigest } from "@/lib/policy/digest";
import { someFacts } from "@/lib/policy/testing";
import type { Decision } from "./decision";
import { decisionIdAt } from "./decision-id";

/** A decision that let a plain prompt pass, with what a test wants different; its id and fact fit what is given. */
export function someDecision(different: Partial<Decision> = {}): Decision {
  const decidedAt = different.decidedAt ?? new Date("2026-11-21T12:34:56.789Z");
  const facts = different.facts ?? someFacts();
  return {
    id: decisionIdAt(decidedAt),
    useCaseId: "00000000-0000-7000-8000-000000000001",
    useCase: "support-bot",
    decidedAt,
    kind: "decision",
    facts,
    fact: factsDigest(facts),
    policyVersion: 1,
    policyDigest: "ab".repeat(32),
    outcome: "allow",
    wouldBe: "allow",
    findings: [],
    sessionId: null,
    traceId: null,
    actorHash: null,
    contentDigest: null,
    excerpt: null,
    evaluatedUs: 20,
    late: false,
    synthetic: [],
    ...different,
  };
}
