import {
  type AuthorizationAnswer,
  type DetailedError,
  formatPolicies,
  policyToJson,
  preparsePolicySet,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
  validate,
} from "@cedar-policy/cedar-wasm/nodejs";
import { PERMIT_ID } from "./text";

/**
 * The engine keeps parsed policy sets under a name for ever. We lend it this many names, so that a process that
 * compiles thousands of proposals does not grow; a set whose name was lent on is parsed again (about a millisecond).
 */
const SLOTS = 128;
const holders: (ParsedPolicySet | undefined)[] = new Array(SLOTS).fill(undefined);
let nextSlot = 0;

export type AuthorizationRequest = Pick<
  StatefulAuthorizationCall,
  "principal" | "action" | "resource" | "context"
>;

function told(errors: readonly DetailedError[]): string {
  return errors.map((error) => error.message + (error.help ? ` (${error.help})` : "")).join("; ");
}

/** A policy set that the engine holds parsed. */
export class ParsedPolicySet {
  private slot = -1;

  constructor(private readonly policies: Readonly<Record<string, string>>) {}

  private slotName(): string {
    if (this.slot < 0 || holders[this.slot] !== this) {
      this.slot = nextSlot;
      nextSlot = (nextSlot + 1) % SLOTS;
      const answer = preparsePolicySet(`slot-${this.slot}`, { staticPolicies: { ...this.policies } });
      if (answer.type === "failure") throw new Error(`Cedar: ${told(answer.errors)}`);
      holders[this.slot] = this;
    }
    return `slot-${this.slot}`;
  }

  /**
   * The ids of the `forbid`s that hold, sorted. One that errs (an overflow in a custom condition) counts as holding:
   * the engine would skip it, and a mistake in a condition must not open the gate.
   */
  forbiddenBy(request: AuthorizationRequest): string[] {
    const { reason, errors } = this.ask(request);
    const fired = errors.length > 0 ? [...reason, ...errors.map((error) => error.policyId)] : reason;
    return fired.filter((id) => id !== PERMIT_ID).sort();
  }

  /** Whether this one condition (of a set made of one `forbid`) holds, or what went wrong in working it out. */
  holds(request: AuthorizationRequest): boolean | { error: string } {
    const { reason, errors } = this.ask(request);
    const [failed] = errors;
    return failed
      ? { error: told([failed.error]).replace(/^error while evaluating policy `[^`]*`: /, "") }
      : reason.length > 0;
  }

  private ask(request: AuthorizationRequest) {
    const answer: AuthorizationAnswer = statefulIsAuthorized({
      ...request,
      preparsedPolicySetId: this.slotName(),
      entities: [],
    });
    if (answer.type === "failure") throw new Error(`Cedar: ${told(answer.errors)}`);
    return answer.response.diagnostics;
  }
}

/** The policies as the official formatter writes them. Throws when they do not parse. */
export function formatted(policyText: string): string {
  const answer = formatPolicies({ policyText, lineWidth: 100, indentWidth: 2 });
  if (answer.type === "failure") throw new Error(`Cedar: ${told(answer.errors)}`);
  return answer.formatted_policy;
}

/** A place in a condition: UTF-16 offsets, `end` exclusive; null where the engine names none. */
export interface ConditionProblem {
  message: string;
  start: number | null;
  end: number | null;
}

const HEAD = "forbid (principal, action, resource) when {\n";

/** A policy that holds where the condition does. */
export function policyOf(when: string): string {
  return `${HEAD}${when}\n};`;
}

/** The engine counts bytes of UTF-8 from the start of the policy. */
function placeIn(when: string, error: DetailedError): Pick<ConditionProblem, "start" | "end"> {
  const at = error.sourceLocations?.[0];
  if (at === undefined) return { start: null, end: null };
  const bytes = Buffer.from(when);
  const offset = (position: number) =>
    bytes.subarray(0, Math.min(bytes.length, Math.max(0, position - HEAD.length))).toString().length;
  return { start: offset(at.start), end: offset(at.end) };
}

/** A condition as the engine's own syntax tree; or what keeps it from being exactly one condition. */
export function parseCondition(when: string): { body: unknown } | { problem: ConditionProblem } {
  const answer = policyToJson(policyOf(when));
  if (answer.type === "failure") {
    const [first] = answer.errors;
    const wanted = first?.sourceLocations?.[0]?.label;
    const message = [told(answer.errors).replace(/^failed to parse policy from string: /, ""), wanted]
      .filter(Boolean)
      .join("; ");
    return { problem: { message, ...(first ? placeIn(when, first) : { start: null, end: null }) } };
  }
  const [only, ...others] = answer.json.conditions;
  if (only === undefined || others.length > 0) {
    return { problem: { message: "write one condition, without when or unless", start: null, end: null } };
  }
  return { body: only.body };
}

/** What keeps `when` from being exactly one condition, or `null`. */
export function conditionProblem(when: string): string | null {
  const answer = policyToJson(policyOf(when));
  if (answer.type === "failure") return told(answer.errors);
  return answer.json.conditions.length === 1 ? null : "write one condition, without when or unless";
}

/** What the validator says of a condition that parses, each complaint once with its place; and if it never can hold. */
export function validateCondition(
  when: string,
  schema: string,
): { problems: ConditionProblem[]; isImpossible: boolean } {
  const answer = validate({ schema, policies: { staticPolicies: { condition: policyOf(when) } } });
  if (answer.type === "failure") throw new Error(`Cedar: ${told(answer.errors)}`);
  const problems = new Map<string, ConditionProblem>();
  for (const { error } of answer.validationErrors) {
    const problem = { message: withoutAction(told([error])), ...placeIn(when, error) };
    problems.set(`${problem.start} ${problem.message}`, problem);
  }
  return {
    problems: [...problems.values()].sort((a, b) => (a.start ?? 0) - (b.start ?? 0)),
    isImpossible: answer.validationWarnings.some(({ error }) => /impossible/.test(error.message)),
  };
}

/** The validator repeats an error for each action; said once, without the policy's and the action's name, is enough. */
function withoutAction(message: string): string {
  return message.replace(/^for policy `[^`]*`, /, "").replace(/ in context for Action::"[a-z_]+"/g, "");
}

/** What the validator says of each policy, by id; empty when all are valid. Throws when the schema is not. */
export function validationProblems(policies: Record<string, string>, schema: string): Map<string, string> {
  const answer = validate({ schema, policies: { staticPolicies: policies } });
  if (answer.type === "failure") throw new Error(`Cedar: ${told(answer.errors)}`);
  const problems = new Map<string, Set<string>>();
  for (const { policyId, error } of answer.validationErrors) {
    problems.set(policyId, (problems.get(policyId) ?? new Set()).add(withoutAction(told([error]))));
  }
  return new Map([...problems].map(([id, messages]) => [id, [...messages].sort().join("; ")]));
}
