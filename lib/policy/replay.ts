import type { CompiledPolicy } from "./compile";
import type { ControlBinding, PolicyDocument } from "./document";
import { type Evaluation, evaluate, isActing, OUTCOMES, type Outcome } from "./evaluate";
import { isInForce, type PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";

/** Decisions on the same facts within one hour, in a segment of time in which no exception begins or ends. */
export interface ReplayCell {
  /** Digest of the facts. */
  fact: string;
  from: Date;
  to: Date;
  /** Key of the hour, such as its start in ISO 8601. */
  hour: string;
  /** How many decisions. */
  n: number;
}

export interface ReplayInput {
  facts: ReadonlyMap<string, Facts>;
  cells: Iterable<ReplayCell>;
  before: CompiledPolicy;
  after: CompiledPolicy;
  exceptions: readonly PolicyExceptionTerms[];
  /** The policy under which these decisions were recorded: whose detectors looked into the content. Default: `before`. */
  recorded?: PolicyDocument;
  /** Which outcome to compare: what happens (the default), or what would were the stage enforcing. */
  by?: "outcome" | "wouldBe";
}

export interface Flip {
  from: Outcome;
  to: Outcome;
  stricter: boolean;
  n: number;
}

/** Decisions that get stricter and looser, for one control, workload, hour, tool or model. */
export interface FlipCount {
  key: string;
  stricter: number;
  looser: number;
}

export type NotReplayableReason =
  /** The facts of these decisions are not among those given. */
  | "facts_missing"
  /** A custom control looks for other phrases or patterns than then, and the content was not kept. */
  | "content_not_kept";

export interface ReplayResult {
  /** All decisions given: same + stricter + looser + not replayable. */
  total: number;
  same: number;
  stricter: number;
  looser: number;
  /** By outcome before and after, strictest change first. */
  flips: Flip[];
  /** By the controls whose effect decides: those of the new outcome where it is stricter, of the old where looser. */
  byControl: FlipCount[];
  byWorkload: FlipCount[];
  /** In the order of time. */
  byHour: FlipCount[];
  byTool: FlipCount[];
  byModel: FlipCount[];
  /** Digests of the facts that flip most often, at most 50, most decisions first. */
  examples: string[];
  notReplayable: { reason: NotReplayableReason; n: number }[];
}

/** What both policies say of one fact in one segment. */
interface Verdict {
  from: Outcome;
  to: Outcome;
  /** 1 stricter, -1 looser, 0 same. */
  step: -1 | 0 | 1;
  controls: string[];
  uncertain: boolean;
}

const MAX_EXAMPLES = 50;
const sameList = (a: readonly string[] = [], b: readonly string[] = []) =>
  a.length === b.length && a.every((item) => b.includes(item));

function looksForOther(before: ControlBinding | undefined, after: ControlBinding): boolean {
  const sought = (after.phrases?.length ?? 0) + (after.patterns?.length ?? 0) > 0;
  return sought && !(sameList(before?.phrases, after.phrases) && sameList(before?.patterns, after.patterns));
}

/** Custom controls of a policy of which the signals recorded under another say nothing. */
function unrecordedControls(recorded: PolicyDocument, policy: PolicyDocument): string[] {
  return Object.entries(policy.controls)
    .filter(([id, binding]) => binding.mode !== "off" && looksForOther(recorded.controls[id], binding))
    .map(([id]) => id);
}

/** Does the outcome depend on whether those controls found something in the content? */
function dependsOn(
  controls: readonly string[],
  facts: Facts,
  decide: (facts: Facts, key?: string) => Evaluation,
  by: "outcome" | "wouldBe",
): boolean {
  if (controls.length === 0) return false;
  const others = Object.entries(facts.signals).filter(([detector]) => !controls.includes(detector));
  const none = { ...facts, signals: Object.fromEntries(others) };
  const all = {
    ...facts,
    signals: { ...none.signals, ...Object.fromEntries(controls.map((id) => [id, 1 as const])) },
  };
  return decide(none)[by] !== decide(all)[by];
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

/** Counts by key, in both directions. */
class Tally {
  private readonly counts = new Map<string, FlipCount>();

  add(key: string | undefined, step: -1 | 0 | 1, n: number): void {
    if (key === undefined || step === 0) return;
    const count = this.counts.get(key) ?? { key, stricter: 0, looser: 0 };
    if (step > 0) count.stricter += n;
    else count.looser += n;
    this.counts.set(key, count);
  }

  byKey(): FlipCount[] {
    return [...this.counts.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  byCount(): FlipCount[] {
    return this.byKey().sort((a, b) => b.stricter + b.looser - (a.stricter + a.looser));
  }
}

/** Numbers the sets of exceptions in force, so that instants with the same set share their verdicts. */
function segments(exceptions: readonly PolicyExceptionTerms[]) {
  const numberOf = new Map<string, number>();
  const byInstant = new Map<number, number>();
  return (from: Date): number => {
    const known = byInstant.get(from.getTime());
    if (known !== undefined) return known;
    const inForce = exceptions.map((terms) => (isInForce(terms, from) ? "1" : "0")).join("");
    const number = numberOf.get(inForce) ?? numberOf.size;
    numberOf.set(inForce, number);
    byInstant.set(from.getTime(), number);
    return number;
  };
}

function verdictOn({ before, after, exceptions, recorded, by = "outcome" }: ReplayInput) {
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
    };
  };
}

function sortedFlips(flips: Map<string, Flip>): Flip[] {
  const rank = ({ from, to }: Flip) => OUTCOMES.indexOf(to) * OUTCOMES.length - OUTCOMES.indexOf(from);
  return [...flips.values()].sort((a, b) => rank(b) - rank(a));
}

/**
 * What a change of policy would have done to recorded traffic: each distinct fact is evaluated once under both
 * policies for each set of exceptions that was in force, and multiplied by the counts. Exactly what evaluating every
 * decision one by one gives. What cannot be known is counted by reason and stands in neither `same` nor the flips.
 */
export function replay(input: ReplayInput): ReplayResult {
  const verdict = verdictOn(input);
  const segmentAt = segments(input.exceptions);
  const verdicts = new Map<string, (Verdict | undefined)[]>();
  const flips = new Map<string, Flip>();
  const tallies = {
    control: new Tally(),
    workload: new Tally(),
    hour: new Tally(),
    tool: new Tally(),
    model: new Tally(),
    fact: new Tally(),
  };
  const unknown = new Map<NotReplayableReason, number>();
  const total = { all: 0, same: 0, stricter: 0, looser: 0 };
  for (const { fact, from, hour, n } of input.cells) {
    total.all += n;
    const facts = input.facts.get(fact);
    if (facts === undefined) {
      unknown.set("facts_missing", (unknown.get("facts_missing") ?? 0) + n);
      continue;
    }
    const known = verdicts.get(fact) ?? [];
    if (known.length === 0) verdicts.set(fact, known);
    const segment = segmentAt(from);
    const said = known[segment] ?? verdict(facts, fact, from);
    known[segment] = said;
    if (said.uncertain) {
      unknown.set("content_not_kept", (unknown.get("content_not_kept") ?? 0) + n);
      continue;
    }
    if (said.step === 0) {
      total.same += n;
      continue;
    }
    if (said.step > 0) total.stricter += n;
    else total.looser += n;
    const kind = `${said.from}>${said.to}`;
    const flip = flips.get(kind) ?? { from: said.from, to: said.to, stricter: said.step > 0, n: 0 };
    flip.n += n;
    flips.set(kind, flip);
    for (const control of said.controls) tallies.control.add(control, said.step, n);
    tallies.workload.add(facts.workload, said.step, n);
    tallies.hour.add(hour, said.step, n);
    tallies.tool.add(facts.tool, said.step, n);
    tallies.model.add(facts.model, said.step, n);
    tallies.fact.add(fact, said.step, n);
  }
  return {
    total: total.all,
    same: total.same,
    stricter: total.stricter,
    looser: total.looser,
    flips: sortedFlips(flips),
    byControl: tallies.control.byCount(),
    byWorkload: tallies.workload.byCount(),
    byHour: tallies.hour.byKey(),
    byTool: tallies.tool.byCount(),
    byModel: tallies.model.byCount(),
    examples: tallies.fact
      .byCount()
      .slice(0, MAX_EXAMPLES)
      .map(({ key }) => key),
    notReplayable: [...unknown].map(([reason, n]) => ({ reason, n })).sort((a, b) => b.n - a.n),
  };
}
