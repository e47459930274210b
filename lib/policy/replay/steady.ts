import type { CompiledPolicy } from "../compile";
import type { PolicyDocument } from "../document";
import { covers, type PolicyExceptionTerms } from "../exception";
import type { Facts } from "../facts";
import { unrecordedControls } from "./verdict";

export interface SteadyInput {
  before: CompiledPolicy;
  after: CompiledPolicy;
  /** The exceptions that begin or end to be in force within the stretch of time. */
  turning: readonly PolicyExceptionTerms[];
  /** The policies under which the decisions were recorded. */
  recorded: Iterable<PolicyDocument>;
}

/**
 * Tells the facts that each policy decides alike at every instant of the stretch, since no exception that turns within it
 * touches them. Of all others (and of some more) it says no.
 */
export function steadiness({ before, after, turning, recorded }: SteadyInput) {
  const unrecorded = [...recorded].some((document) =>
    [before, after].some((policy) => unrecordedControls(document, policy.document).length > 0),
  );
  return (facts: Facts, key: string): boolean => {
    if (turning.length === 0) return true;
    const fired = new Set([...before.firedBy(facts, key), ...after.firedBy(facts, key)]);
    return !turning.some((terms) =>
      terms.controls.some((id) => (unrecorded || fired.has(id)) && covers(terms, facts, id, [])),
    );
  };
}
