import { getControl, isCustomControl } from "../catalogue";
import type { Facts } from "../facts";
import type { AuthorizationRequest } from "./engine";

/**
 * Only detectors that the schema knows. Callers name detectors too, and a record with keys such as `__entity` means
 * something else to the engine.
 */
function knownSignals(facts: Facts, isOwn: (id: string) => boolean): Record<string, number> {
  const known: Record<string, number> = {};
  for (const [detector, level] of Object.entries(facts.signals)) {
    if (getControl(detector) && (!isCustomControl(detector) || isOwn(detector))) known[detector] = level;
  }
  return known;
}

/** Facts as the engine is asked of them. `isOwn` knows the custom controls that the schema names. */
export function toRequest(
  facts: Facts,
  isOwn: (customId: string) => boolean,
  derived: Record<string, number> = {},
): AuthorizationRequest {
  return {
    principal: { type: "Workload", id: facts.workload },
    action: { type: "Action", id: facts.action },
    resource: { type: "UseCase", id: facts.useCase },
    context: {
      attributed: facts.attributed,
      credentialAgeHours: facts.credential.ageBucket,
      credentialKind: facts.credential.kind,
      dataClass: facts.dataClass ?? "",
      destination: facts.destination ?? "",
      environment: facts.environment,
      model: facts.model ?? "",
      promptChars: facts.promptCharsBucket ?? 0,
      purpose: facts.purpose ?? "",
      requestsPerMinute: facts.requestRateBucket ?? 0,
      retrievalSource: facts.retrievalSource ?? "",
      signals: knownSignals(facts, isOwn),
      tool: facts.tool ?? "",
      toolCalls: facts.toolCallsBucket ?? 0,
      ...derived,
    },
  };
}
