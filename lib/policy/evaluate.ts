import type { CompiledPolicy } from "./compile";
import type { PolicyDocument } from "./document";
import { covers, isInForce, type PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import { unapprovedHosts, unknownLinksLevel } from "./links";
import { daysLeft } from "./time-left";
import { levelOf, type Mode, OUTCOMES, type Outcome, type Sensitivity, sensitivityOf } from "./vocabulary";

export { OUTCOMES, type Outcome } from "./vocabulary";

/** What a fired control did, or would have done were it switched on. `logged`: its own mode is `log`. */
export const EFFECTS = [
  "logged",
  "would_redact",
  "would_require_approval",
  "would_block",
  "exempted",
  "redacted",
  "needs_approval",
  "blocked",
] as const;
export type Effect = (typeof EFFECTS)[number];

/** An exception that the evaluator may honour; whether it is in force is decided at `now`. */
export type ExceptionInForce = PolicyExceptionTerms;

/** The exception that spared a finding. */
export interface SparingException {
  id: string;
  ref: string;
  riskOwner: string;
  expiresAt: Date;
  /** Days until expiry, rounded up, so that what is in force never says 0. */
  daysLeft: number;
}

/** A control that fired for one request. */
export interface Finding {
  control: string;
  /** The mode in the policy, whatever the stage. */
  mode: Exclude<Mode, "off">;
  effect: Effect;
  /** Level of the signal, for controls on content. */
  level?: Sensitivity;
  exception?: SparingException;
}

export interface Evaluation {
  outcome: Outcome;
  /** The outcome were the stage `enforcing`, exceptions included. */
  wouldBe: Outcome;
  /** By id of control. */
  findings: Finding[];
}

const ACTING = {
  log: { effect: "logged", outcome: "flag" },
  redact: { effect: "redacted", outcome: "redact" },
  require_approval: { effect: "needs_approval", outcome: "require_approval" },
  enforce: { effect: "blocked", outcome: "block" },
} as const satisfies Record<Finding["mode"], { effect: Effect; outcome: Outcome }>;

const WATCHING = {
  log: "logged",
  redact: "would_redact",
  require_approval: "would_require_approval",
  enforce: "would_block",
} as const satisfies Record<Finding["mode"], Effect>;

/** The stricter of two outcomes. */
export function stricterOutcome(a: Outcome, b: Outcome): Outcome {
  return OUTCOMES.indexOf(a) >= OUTCOMES.indexOf(b) ? a : b;
}

/** Does this control act on these facts at the policy's stage, or does it only watch? */
export function isActing(document: PolicyDocument, control: string, facts: Facts): boolean {
  if (document.stage !== "limited") return document.stage === "enforcing";
  const { controls, cohort } = document.limited;
  const enrolled = facts.cohort <= cohort.percent || cohort.workloads.includes(facts.workload);
  return enrolled && controls.includes(control);
}

/** The name under which a canary's finding stands; it is no control of the catalogue. */
export const CANARY = "canary";

/** A canary is blocked at every stage and spared by nobody: it proves that what is blocked is stopped. */
function canary(): Evaluation {
  const finding: Finding = { control: CANARY, mode: "enforce", effect: "blocked" };
  return { outcome: "block", wouldBe: "block", findings: [finding] };
}

type ByControl = ReadonlyMap<string, readonly ExceptionInForce[]>;

/** Lists of exceptions stay as they are for many evaluations: those of a control are looked for once. */
const INDEXES = new WeakMap<readonly ExceptionInForce[], ByControl>();

function namingControl(
  control: string,
  exceptions: readonly ExceptionInForce[],
): readonly ExceptionInForce[] {
  let index = INDEXES.get(exceptions);
  if (index === undefined) {
    const pairs = exceptions.flatMap((terms) => terms.controls.map((named) => [named, terms] as const));
    const grouped = Map.groupBy(pairs, ([named]) => named);
    index = new Map([...grouped].map(([named, list]) => [named, list.map(([, terms]) => terms)]));
    INDEXES.set(exceptions, index);
  }
  return index.get(control) ?? [];
}

/** The exception that lasts longest among those in force that cover the finding; ties go by reference. */
function sparing(
  control: string,
  facts: Facts,
  document: PolicyDocument,
  exceptions: readonly ExceptionInForce[],
  now: Date,
): ExceptionInForce | undefined {
  let best: ExceptionInForce | undefined;
  for (const terms of namingControl(control, exceptions)) {
    if (!isInForce(terms, now)) continue;
    const sensitivity = control === "unknown-links" ? document.controls[control]?.sensitivity : undefined;
    const hosts = sensitivity && unapprovedHosts(facts, document, levelOf(sensitivity));
    if (!covers(terms, facts, control, hosts)) continue;
    const later = best === undefined ? 1 : terms.expiresAt.getTime() - best.expiresAt.getTime();
    if (best === undefined || later > 0 || (later === 0 && terms.ref < best.ref)) best = terms;
  }
  return best;
}

function signalOf(control: string, facts: Facts, document: PolicyDocument): Sensitivity | undefined {
  const level = control === "unknown-links" ? unknownLinksLevel(facts, document) : facts.signals[control];
  const sensitivity = document.controls[control]?.sensitivity;
  return level && sensitivity && level <= levelOf(sensitivity) ? sensitivityOf(level) : undefined;
}

function toSparing(terms: ExceptionInForce, now: Date): SparingException {
  const { id, ref, riskOwner, expiresAt } = terms;
  return {
    id,
    ref,
    riskOwner,
    expiresAt,
    daysLeft: daysLeft(expiresAt, now),
  };
}

/**
 * The one function that decides: which controls fire, what each does at the policy's stage, which exceptions in force
 * at `now` spare, and the strictest effect as the outcome. A list of exceptions is not changed once it was given. Knows no database, no clock, no HTTP; never throws on facts
 * of the right shape. `factsKey` is the facts' digest, if it is at hand (it saves writing the facts out).
 */
export function evaluate(
  facts: Facts,
  policy: CompiledPolicy,
  exceptions: readonly ExceptionInForce[],
  now: Date,
  factsKey?: string,
): Evaluation {
  if (facts.canary) return canary();
  const { document } = policy;
  const evaluation: Evaluation = { outcome: "allow", wouldBe: "allow", findings: [] };
  for (const control of policy.firedBy(facts, factsKey)) {
    const mode = document.controls[control]?.mode ?? "off";
    if (mode === "off") continue;
    const terms = exceptions.length > 0 ? sparing(control, facts, document, exceptions, now) : undefined;
    const acts = isActing(document, control, facts);
    const finding: Finding = { control, mode, effect: acts ? ACTING[mode].effect : WATCHING[mode] };
    const level = signalOf(control, facts, document);
    if (level) finding.level = level;
    if (terms) {
      finding.effect = "exempted";
      finding.exception = toSparing(terms, now);
    }
    evaluation.findings.push(finding);
    evaluation.outcome = stricterOutcome(evaluation.outcome, acts && !terms ? ACTING[mode].outcome : "flag");
    evaluation.wouldBe = stricterOutcome(evaluation.wouldBe, terms ? "flag" : ACTING[mode].outcome);
  }
  return evaluation;
}
