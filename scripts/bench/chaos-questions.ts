import type { PolicyDocument } from "@/lib/policy/document";
import type { Outcome } from "@/lib/policy/vocabulary";
import { buildDocument } from "@/lib/testing/builders";

/** The two policies that take turns while the load goes on: each is stricter than the other in one thing. */
export type Variant = "redacting" | "blocking";

/** A request and what it must be answered under each of the policies. */
export interface Question {
  body: string;
  outcome: Record<Variant, Outcome>;
}

const baseline = { ...buildDocument().baseline, tools: [{ name: "search_*", impact: "low" as const }] };
const documentOf = (card: "redact" | "enforce", tool: "log" | "enforce") =>
  buildDocument(
    { "pii/credit-card": { mode: card, sensitivity: "L2" }, "tool-not-approved": { mode: tool } },
    "enforcing",
    { baseline },
  );

export const DOCUMENTS: Record<Variant, PolicyDocument> = {
  redacting: documentOf("redact", "enforce"),
  blocking: documentOf("enforce", "log"),
};

/** Which of the two a document is. */
export function variantOf(document: PolicyDocument): Variant {
  return document.controls["pii/credit-card"]?.mode === "redact" ? "redacting" : "blocking";
}

const prompt = (content: string) =>
  JSON.stringify({ action: "prompt", messages: [{ role: "user", content }], sessionId: "chaos" });
const call = (name: string) => JSON.stringify({ action: "tool_call", tool: { name } });
const both = (outcome: Outcome) => ({ redacting: outcome, blocking: outcome });

export const QUESTIONS: readonly Question[] = [
  { body: prompt("How long does a parcel take?"), outcome: both("allow") },
  {
    body: prompt("My card is 4111 1111 1111 1111."),
    outcome: { redacting: "redact", blocking: "block" },
  },
  { body: call("search_orders"), outcome: both("allow") },
  { body: call("send_money"), outcome: { redacting: "block", blocking: "flag" } },
];
