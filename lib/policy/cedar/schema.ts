import { CONTROLS, isCustomControl } from "../catalogue";
import { ACTIONS, type PolicyDocument } from "../document";
import { CONTEXT_FIELDS } from "./context-fields";

/** What a custom condition may read. */
const CONTEXT = CONTEXT_FIELDS.map(({ name, type }) => `  ${JSON.stringify(name)}: ${type}`).join(",\n");

/**
 * `unknownLinks` depends on the policy's own destinations. A custom condition that could deny it would fire less when
 * destinations are taken away, and "fewer destinations tightens" would be false; so only the built-in control reads it.
 */
const DERIVED = `,
  "unavailableDetectors": Long,
  "unknownLinks": Long`;

function schemaText(customIds: readonly string[], derived: string): string {
  const detectors = [
    ...CONTROLS.filter((control) => control.takesSensitivity && control.id !== "unknown-links").map(
      ({ id }) => id,
    ),
    ...new Set(customIds),
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

/** The ids of a document's own controls. */
export function customIdsOf(document: Pick<PolicyDocument, "controls">): string[] {
  return Object.keys(document.controls).filter(isCustomControl);
}

/** The Cedar schema, as text, against which the policies of a document are validated. */
export function cedarSchema(document: Pick<PolicyDocument, "controls">): string {
  return schemaText(customIdsOf(document), DERIVED);
}

/** The same without what is derived from the policy itself: what custom conditions may read. */
export function customSchema(customIds: readonly string[]): string {
  return schemaText(customIds, "");
}
