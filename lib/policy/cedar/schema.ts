import { CONTROLS, isCustomControl } from "../catalogue";
import { ACTIONS, type PolicyDocument } from "../document";

/** What a custom condition may read. Texts that a request does not state are `""`, numbers 0. */
const CONTEXT = `  "attributed": Bool,
  "credentialAgeHours": Long,
  "credentialKind": String,
  "dataClass": String,
  "destination": String,
  "environment": String,
  "model": String,
  "promptChars": Long,
  "purpose": String,
  "requestsPerMinute": Long,
  "retrievalSource": String,
  "signals": Signals,
  "tool": String,
  "toolCalls": Long`;

/**
 * `unknownLinks` depends on the policy's own destinations. A custom condition that could deny it would fire less when
 * destinations are taken away, and "fewer destinations tightens" would be false; so only the built-in control reads it.
 */
const DERIVED = `,
  "unknownLinks": Long`;

function schemaText(document: PolicyDocument, derived: string): string {
  const detectors = [
    ...CONTROLS.filter((control) => control.takesSensitivity && control.id !== "unknown-links").map(
      ({ id }) => id,
    ),
    ...Object.keys(document.controls).filter(isCustomControl),
  ].sort();
  const signals = detectors.map((id) => `  ${JSON.stringify(id)}?: Long`).join(",\n");
  return `type Signals = {
${signals}
};

type Request = {
${CONTEXT}${derived}
};

entity Workload;

entity UseCase;

action ${ACTIONS.map((action) => JSON.stringify(action)).join(", ")} appliesTo {
  principal: [Workload],
  resource: [UseCase],
  context: Request
};
`;
}

/** The Cedar schema, as text, against which the policies of a document are validated. */
export function cedarSchema(document: PolicyDocument): string {
  return schemaText(document, DERIVED);
}

/** The same without what is derived from the policy itself: what custom conditions may read. */
export function customSchema(document: PolicyDocument): string {
  return schemaText(document, "");
}
