import { CANARY, type Finding } from "@/lib/policy/evaluate";
import type { Action, Stage } from "@/lib/policy/vocabulary";

const PLACES = {
  prompt: "the prompt",
  completion: "the answer",
  tool_call: "the tool call",
  tool_result: "the tool's answer",
  retrieval: "the retrieved text",
  outbound: "the outgoing request",
  secret_access: "the request for a secret",
} as const satisfies Record<Action, string>;

const FOUND: Readonly<Record<string, string>> = {
  "prompt-attack": "Signs of a prompt attack were",
  "pii/credit-card": "A card number was",
  "pii/iban": "A bank account number was",
  "pii/us-ssn": "A social security number was",
  "pii/email": "An e-mail address was",
  "pii/phone": "A telephone number was",
  "pii/ip-address": "An IP address was",
  "pii/name": "A person's name was",
  "pii/address": "A postal address was",
  secrets: "A secret was",
  "unknown-links": "A link outside the approved destinations was",
  "moderation/hate": "Hateful content was",
  "moderation/sexual": "Sexual content was",
  "moderation/violence": "Violent content was",
  "moderation/self-harm": "Content about self-harm was",
  "moderation/weapons": "Content about weapons was",
  "moderation/crime": "Content about crime was",
  "moderation/profanity": "Profanity was",
};

const DEPARTED: Readonly<Record<string, string>> = {
  "model-not-approved": "The model is not approved for this use case",
  "tool-not-approved": "The tool is not approved for this use case",
  "data-class-exceeded": "The data class is above what is approved for this use case",
  "destination-not-approved": "The destination is not approved for this use case",
  "retrieval-source-not-approved": "The retrieval source is not approved for this use case",
  "purpose-not-approved": "The purpose is not approved for this use case",
  "high-impact-tool": "The tool is one of high impact",
  "credential-kind": "Credentials of this kind are not approved for this use case",
  "credential-age": "The credential is older than is approved for this use case",
  "unattributed-actor": "Nobody is named behind the request",
  "detector-unavailable": "An outside detector that the policy asks did not answer",
  [CANARY]: "A canary was sent to try whether what is blocked is stopped",
  "request-rate": "The workload sends more requests a minute than is normal for this use case",
  "prompt-size": "The prompt is longer than is normal for this use case",
  "tool-call-count": "The session makes more tool calls than is normal for this use case",
};

function cause({ control, level }: Finding, action: Action): string {
  const found = FOUND[control];
  if (found !== undefined) return `${found} found in ${PLACES[action]}`;
  const departed = DEPARTED[control];
  if (departed !== undefined) return departed;
  const name = control.replace(/^custom\//, "").replaceAll("-", " ");
  return level === undefined
    ? `The organisation's control "${name}" applies`
    : `What the organisation's control "${name}" looks for was found in ${PLACES[action]}`;
}

function consequence({ effect, exception }: Finding, stage: Stage, observed: boolean): string {
  if (exception) {
    return `${exception.ref}, owned by ${exception.riskOwner}, spares it until ${exception.expiresAt.toISOString()}`;
  }
  if (effect === "blocked") return "it is blocked";
  if (effect === "redacted") return "it is masked";
  if (effect === "needs_approval") return "a person must approve it first";
  if (effect === "logged") return "this control only logs";
  if (observed) return "it was observed after the fact";
  if (stage === "limited") return "the policy is limited, and the control or the session is not enrolled";
  return "the policy is in logging";
}

/** One human sentence: what fired, and what follows from it at the policy's stage. Holds no content. */
export function reasonOf(finding: Finding, action: Action, stage: Stage, observed = false): string {
  return `${cause(finding, action)}; ${consequence(finding, stage, observed)}.`;
}
