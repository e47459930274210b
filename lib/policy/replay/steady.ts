import type { CompiledPolicy } from "../compile";
import type { PolicyDocument } from "../document";
import { evaluate } from "../evaluate";
import { covers, type PolicyExceptionTerms } from "../exception";
import type { Facts } from "../facts";
import { unrecordedControls } from "./verdict";

export interface SteadyInput {
  before: CompiledPolicy;
  after: CompiledPolicy;
  /** All that may be in force in the stretch of time. */
  exceptions: readonly PolicyExceptionTerms[];
  /** Those among them that begin or end to be in force within it. */
  turning: readonly PolicyExceptionTerms[];
  /** The policies under which the decisions were recorded. */
  recorded: Iterable<PolicyDocument>;
  /** An instant of the stretch. */
  at: Date;
}

/** `same`: decided alike at every instant; `flips`: differently, and the same at every instant; `turns`: who knows. */
export type Steadiness = "same" | "flips" | "turns";

/**
 * Tells the facts of which the whole stretch of time says one and the same, since no exception that turns within it
 * touches them. Of all others (and of some more) it says `turns`.
 */
export function steadiness({ before, after, exceptions, turning, recorded, at }: SteadyInput) {
  const unrecorded = [...recorded].some((document) =>
    [before, after].some((policy) => unrecordedControls(document, policy.document).length > 0),
  );
  const isTouched = (facts: Facts, fired: ReadonlySet<string>) =>
    turning.some((terms) =>
      terms.controls.some((id) => (unrecorded || fired.has(id)) && covers(terms, facts, id, [])),
    );
  return (facts: Facts, key: string): Steadiness => {
    const fired = new Set([...before.firedBy(facts, key), ...after.firedBy(facts, key)]);
    if (isTouched(facts, fired)) return "turns";
    const [was, is] = [before, after].map((policy) => evaluate(facts, policy, exceptions, at, key).outcome);
    return was === is ? "same" : "flips";
  };
}
