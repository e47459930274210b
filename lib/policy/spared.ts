import type { CompiledPolicy } from "./compile";
import { type Evaluation, evaluate } from "./evaluate";
import { type ExceptionScope, isInForce, type PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import { bothWays } from "./replay/verdict";
import { OUTCOMES, type Outcome } from "./vocabulary";

/** Recorded decisions on the same facts. */
export interface SparedCell {
  /** Digest of the facts. */
  fact: string;
  /** Policy version under which they were recorded. */
  version: number;
  n: number;
}

export interface SparedInput {
  cells: Iterable<SparedCell>;
  facts: ReadonlyMap<string, Facts>;
  /** The policy in force now. */
  policy: CompiledPolicy;
  /** What else is excepted; of these, what is in force at `now` counts. */
  others: readonly PolicyExceptionTerms[];
  candidate: { useCase: string; controls: readonly string[]; scope: ExceptionScope };
  now: Date;
  /** Custom controls of the policy that were not looked for under a recorded version, by its number. */
  unrecorded: ReadonlyMap<number, readonly string[]>;
}

export const STOPPING = ["block", "require_approval", "redact"] as const;
export type Stopping = (typeof STOPPING)[number];

export interface SparedResult {
  decisions: number;
  /** Decisions of which it spares a finding that nothing else spares. */
  spared: number;
  /** Decisions of which it covers only findings that another exception spares. */
  already: number;
  unknown: number;
  /** Of the spared, by what would happen without it. */
  stops: Record<Stopping, number>;
  /** The same were the policy enforcing. */
  wouldStop: Record<Stopping, number>;
  byControl: { key: string; n: number }[];
  byWorkload: { key: string; n: number }[];
}

/** What the candidate does to one fact. */
interface Effect {
  controls: string[];
  covers: boolean;
  stops: Stopping | null;
  wouldStop: Stopping | null;
}

const CANDIDATE = "candidate";
const [EVER, NEVER] = [new Date(0), new Date(8.64e15)];

/**
 * What an exception would spare of recorded decisions, decided anew as things stand at `now`, with it and without it:
 * each distinct fact is evaluated once and multiplied by its count, exactly what deciding every one again gives.
 * A decision counts once for each control that it would be spared from.
 */
export function measureSpared(input: SparedInput): SparedResult {
  const effectOf = effects(input);
  const [controls, workloads] = [new Map<string, number>(), new Map<string, number>()];
  const result: SparedResult = {
    decisions: 0,
    spared: 0,
    already: 0,
    unknown: 0,
    stops: { block: 0, require_approval: 0, redact: 0 },
    wouldStop: { block: 0, require_approval: 0, redact: 0 },
    byControl: [],
    byWorkload: [],
  };
  for (const { fact, version, n } of input.cells) {
    result.decisions += n;
    const facts = input.facts.get(fact);
    const effect = facts && effectOf(facts, fact, version);
    if (!effect) result.unknown += n;
    else if (effect.controls.length === 0) result.already += effect.covers ? n : 0;
    else {
      result.spared += n;
      if (effect.stops) result.stops[effect.stops] += n;
      if (effect.wouldStop) result.wouldStop[effect.wouldStop] += n;
      for (const control of effect.controls) controls.set(control, (controls.get(control) ?? 0) + n);
      workloads.set(facts.workload, (workloads.get(facts.workload) ?? 0) + n);
    }
  }
  return { ...result, byControl: largest(controls), byWorkload: largest(workloads) };
}

/** The effect on a fact, known once; null when it cannot be known. */
function effects({ policy, others, candidate, now, unrecorded }: SparedInput) {
  const standing = others.filter((terms) => isInForce(terms, now));
  const all = [...standing, asTerms(candidate)];
  const decide = (facts: Facts, key?: string): Effect =>
    difference(evaluate(facts, policy, standing, now, key), evaluate(facts, policy, all, now, key));
  const known = new Map<string, Effect>();
  return (facts: Facts, key: string, version: number): Effect | null => {
    const missing = unrecorded.get(version) ?? [];
    if (missing.length > 0) {
      const [none, every] = bothWays(missing, facts).map((one) => decide(one));
      return JSON.stringify(none) === JSON.stringify(every) ? (none ?? null) : null;
    }
    const effect = known.get(key) ?? decide(facts, key);
    known.set(key, effect);
    return effect;
  };
}

function difference(without: Evaluation, having: Evaluation): Effect {
  const before = new Map(without.findings.map((finding) => [finding.control, finding.effect]));
  const covered = having.findings.filter(({ exception }) => exception?.id === CANDIDATE);
  return {
    controls: covered.map(({ control }) => control).filter((control) => before.get(control) !== "exempted"),
    covers: covered.length > 0,
    stops: stopped(without.outcome, having.outcome),
    wouldStop: stopped(without.wouldBe, having.wouldBe),
  };
}

function stopped(without: Outcome, having: Outcome): Stopping | null {
  if (OUTCOMES.indexOf(having) >= OUTCOMES.indexOf(without)) return null;
  return STOPPING.find((outcome) => outcome === without) ?? null;
}

/** In force at any time, and longer than any other: whatever it covers, it is the one that spares. */
function asTerms({ useCase, controls, scope }: SparedInput["candidate"]): PolicyExceptionTerms {
  return {
    id: CANDIDATE,
    ref: "",
    useCase,
    controls: [...controls],
    scope,
    riskOwner: "",
    startsAt: EVER,
    expiresAt: NEVER,
    reviewAt: new Date(NEVER.getTime() - 8 * 86_400_000),
    reviewedAt: null,
    endedAt: null,
    approvedAt: EVER,
  };
}

function largest(counts: ReadonlyMap<string, number>): { key: string; n: number }[] {
  return [...counts].map(([key, n]) => ({ key, n })).sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1));
}
