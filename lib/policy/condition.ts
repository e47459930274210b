import { CONTEXT_FIELDS } from "./cedar/context-fields";
import {
  type ConditionProblem,
  ParsedPolicySet,
  parseCondition,
  policyOf,
  validateCondition,
} from "./cedar/engine";
import { toRequest } from "./cedar/request";
import { customSchema } from "./cedar/schema";
import { probesFor } from "./condition/probes";
import { type Mentions, mentionsOf } from "./condition/reads";
import type { Facts } from "./facts";
import { whenProblem } from "./when";

export type { ConditionProblem } from "./cedar/engine";

/** Something that may be meant and seldom is. */
export interface ConditionWarning {
  kind: "never" | "always" | "bucket";
  message: string;
}

export interface ConditionCheck {
  /** What keeps it from being submitted, with the place in the text where it is known. */
  problems: ConditionProblem[];
  warnings: ConditionWarning[];
}

/** A custom condition ready to be asked. Fires on `{ error }` too: what cannot be worked out must not open the gate. */
export interface Condition {
  on(facts: Facts): boolean | { error: string };
}

/** Where a condition is used: its use case, and the custom controls of the policy, whose signals it may read. */
export interface ConditionScope {
  /** Slug. */
  useCase: string;
  customIds: readonly string[];
}

/** A condition that parses and validates, ready to be asked of facts. */
export function readyCondition(when: string, { customIds }: Pick<ConditionScope, "customIds">): Condition {
  const parsed = new ParsedPolicySet({ condition: policyOf(when) });
  const isOwn = (id: string) => customIds.includes(id);
  return { on: (facts) => parsed.holds(toRequest(facts, isOwn)) };
}

/**
 * Judges a custom condition by itself: its form, the engine's parser, the schema, and what it says to requests made up
 * of everything that it mentions. One that errs on any of them is refused; one that holds for none or for all of them,
 * or that compares a number off its buckets, is warned of.
 */
export function checkCondition(when: string, scope: ConditionScope): ConditionCheck {
  const refused = (problems: ConditionProblem[]): ConditionCheck => ({ problems, warnings: [] });
  const form = whenProblem(when);
  if (form !== null) return refused([{ message: form, start: null, end: null }]);
  const parsed = parseCondition(when);
  if ("problem" in parsed) return refused([parsed.problem]);
  const { problems, isImpossible } = validateCondition(when, customSchema(scope.customIds));
  if (problems.length > 0) return refused(problems);
  const mentions = mentionsOf(parsed.body);
  const tried = tryProbes(when, mentions, scope);
  if (tried.error !== null) return refused([{ message: erringText(tried.error), start: null, end: null }]);
  return { problems: [], warnings: [...constantWarnings(tried, isImpossible), ...bucketWarnings(mentions)] };
}

/** Why a condition that cannot be worked out for some requests is refused. */
export function erringText(error: string): string {
  return `it cannot be worked out for some requests (${error}), and would fire on each of them`;
}

interface Tried {
  of: number;
  held: number;
  error: string | null;
}

function tryProbes(when: string, mentions: Mentions, scope: ConditionScope): Tried {
  const condition = readyCondition(when, scope);
  const probes = probesFor(mentions, scope.useCase);
  let held = 0;
  for (const facts of probes) {
    const holds = condition.on(facts);
    if (typeof holds === "object") return { of: probes.length, held, error: holds.error };
    if (holds) held++;
  }
  return { of: probes.length, held, error: null };
}

function constantWarnings({ of, held }: Tried, isImpossible: boolean): ConditionWarning[] {
  const tried = `${of.toLocaleString("en-GB")} requests made up of what it mentions`;
  if (isImpossible) return [{ kind: "never", message: "It can never hold, whatever the request." }];
  if (held === 0) return [{ kind: "never", message: `It holds for none of ${tried}.` }];
  return held === of ? [{ kind: "always", message: `It holds for every one of ${tried}.` }] : [];
}

const BOUNDS = new Map(
  CONTEXT_FIELDS.flatMap(({ name, bounds }) => (bounds ? [[name, bounds] as const] : [])),
);

/** A bucket is its upper bound, so that only `> bound` and `<= bound` say the same of a bucket and of what is in it. */
function bucketWarnings({ comparisons }: Mentions): ConditionWarning[] {
  return comparisons.flatMap(({ field, sign, number }): ConditionWarning[] => {
    const bounds = BOUNDS.get(field);
    if (bounds === undefined || (bounds.includes(number) && [">", "<="].includes(sign))) return [];
    const under = bounds.findLast((bound) => bound <= number) ?? bounds[0];
    const over = bounds.find((bound) => bound > number);
    const meant = [under, over].filter((bound) => bound !== undefined).join(" or ");
    return [
      {
        kind: "bucket",
        message: `${field} is kept in buckets, and ${sign} ${number} cuts through one. Write > or <= with a bound: ${meant}.`,
      },
    ];
  });
}
