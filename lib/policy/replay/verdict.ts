import type { CompiledPolicy } from "../compile";
import type { ControlBinding, PolicyDocument } from "../document";
import {
  type Evaluation,
  evaluate,
  isActing,
  OUTCOMES,
  type Outcome,
  type SparingException,
} from "../evaluate";
import type { Facts } from "../facts";
import type { ReplayInput } from "./types";

/** What both policies say of one fact in one segment. */
export interface Verdict {
  from: Outcome;
  to: Outcome;
  /** 1 stricter, -1 looser, 0 same. */
  step: -1 | 0 | 1;
  controls: string[];
  uncertain: boolean;
  /** Blocked after and not before: the exceptions that spared something before, each once. */
  despite: SparingException[];
  facts: Facts;
  /** Digest of the facts. */
  fact: string;
  /** Decisions that it holds for. */
  n: number;
}

const sameList = (a: readonly string[] = [], b: readonly string[] = []) =>
  a.length === b.length && a.every((item) => b.includes(item));

/** What a control looked for in content; nothing while it was off. */
function soughtBy(binding: ControlBinding | undefined): Pick<ControlBinding, "phrases" | "patterns"> {
  return binding && binding.mode !== "off" ? binding : {};
}

function looksForOther(recorded: ControlBinding | undefined, binding: ControlBinding): boolean {
  const [then, now] = [soughtBy(recorded), soughtBy(binding)];
  const sought = (now.phrases?.length ?? 0) + (now.patterns?.length ?? 0) > 0;
  return sought && !(sameList(then.phrases, now.phrases) && sameList(then.patterns, now.patterns));
}

/** Custom controls of a policy of which the signals recorded under another say nothing. */
export function unrecordedControls(recorded: PolicyDocument, policy: PolicyDocument): string[] {
  return Object.entries(policy.controls)
    .filter(([id, binding]) => looksForOther(recorded.controls[id], binding))
    .map(([id]) => id);
}

/** The same facts had those controls found nothing in the content, and had each found something. */
export function bothWays(controls: readonly string[], facts: Facts): [none: Facts, all: Facts] {
  const others = Object.entries(facts.signals).filter(([detector]) => !controls.includes(detector));
  const none = { ...facts, signals: Object.fromEntries(others) };
  const all = {
    ...facts,
    signals: { ...none.signals, ...Object.fromEntries(controls.map((id) => [id, 1 as const])) },
  };
  return [none, all];
}

/** Does the outcome depend on whether those controls found something in the content? */
function dependsOn(
  controls: readonly string[],
  facts: Facts,
  decide: (facts: Facts, key?: string) => Evaluation,
  by: "outcome" | "wouldBe",
): boolean {
  if (controls.length === 0) return false;
  const [none, all] = bothWays(controls, facts);
  return decide(none)[by] !== decide(all)[by];
}

/** The exceptions that spared something before, if it is blocked only after. */
function sparedBefore(was: Evaluation, is: Evaluation, by: "outcome" | "wouldBe"): SparingException[] {
  if (was[by] === "block" || is[by] !== "block") return [];
  const sparing = was.findings.flatMap(({ exception }) => exception ?? []);
  return [...new Map(sparing.map((exception) => [exception.id, exception])).values()];
}

/** The controls that make an evaluation's outcome what it is. */
function deciding(
  evaluation: Evaluation,
  policy: CompiledPolicy,
  facts: Facts,
  by: "outcome" | "wouldBe",
): string[] {
  const outcome = evaluation[by];
  const decides = {
    allow: "off",
    flag: null,
    redact: "redact",
    require_approval: "require_approval",
    block: "enforce",
  }[outcome];
  return evaluation.findings
    .filter(({ effect, mode, control }) => {
      if (decides === null) return true;
      const acts = by === "wouldBe" || isActing(policy.document, control, facts);
      return effect !== "exempted" && mode === decides && acts;
    })
    .map(({ control }) => control);
}

/** What decides a fact under both policies, at an instant. */
export function verdictOn({ before, after, exceptions, recorded, by = "outcome" }: ReplayInput) {
  const unrecorded = [before, after].map((policy) => ({
    policy,
    controls: unrecordedControls(recorded ?? before.document, policy.document),
  }));
  return (facts: Facts, key: string, now: Date): Verdict => {
    const was = evaluate(facts, before, exceptions, now, key);
    const is = evaluate(facts, after, exceptions, now, key);
    const difference = OUTCOMES.indexOf(is[by]) - OUTCOMES.indexOf(was[by]);
    const step = difference > 0 ? 1 : difference < 0 ? -1 : 0;
    return {
      from: was[by],
      to: is[by],
      step,
      controls: step > 0 ? deciding(is, after, facts, by) : step < 0 ? deciding(was, before, facts, by) : [],
      uncertain: unrecorded.some(({ policy, controls }) =>
        dependsOn(controls, facts, (other) => evaluate(other, policy, exceptions, now), by),
      ),
      despite: sparedBefore(was, is, by),
      facts,
      fact: key,
      n: 0,
    };
  };
}
