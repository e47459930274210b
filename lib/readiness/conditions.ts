import { getControl } from "@/lib/policy/catalogue";
import type { Sensitivity } from "@/lib/policy/vocabulary";
import type { CheckedCase } from "@/lib/rulings/check-cases";
import { estimateFalsePositives, type FalsePositiveEstimate, type Stratum } from "@/lib/rulings/rules";
import type { SettingValue } from "@/lib/settings/schema";
import { SUBJECTS } from "./subjects";
import type { ReadinessCondition } from "./views";

export type Limits = SettingValue<"readiness">["low"];

/** What was recorded of a use case in a window. */
export interface Observed {
  /** Of live hours, as everything that follows: recorded as they were made. */
  decisions: number;
  /** Decisions of other hours, and days on which there are no others: told more than a day later. */
  toldLater: { decisions: number; days: number };
  /** Days, from the first decision to the last, on which telemetry was up; and those of them with decisions. */
  days: { observed: number; withTraffic: number };
  /** Hours from the first decision on, those of them without telemetry, and decisions that could be kept nowhere. */
  telemetry: { hours: number; gapHours: number; refused: number };
  riskOwner: "active" | "without_role" | "left";
  /** Those that are active and hold the role, of those named. */
  applicationOwners: { active: number; named: number };
  openAppeals: number;
}

/** What was recorded of a control as the proposal sets it. */
export interface ControlEvidence {
  control: string;
  /** Decisions of live hours that had what it looks at. */
  applies: number;
  /** Such decisions that were told more than a day later. */
  toldLater: number;
  /** Of which it is known whether it would have fired. */
  seen: number;
  /** Why of some that is not known: what it looks for changed since, or nobody is known to have looked for it. */
  unseenBecause: "changed" | "unheard" | null;
  /** What it would fire on by level (null: it has none), and how a random sample of that was ruled. */
  strata: LevelStratum[];
  /** Of the sample, how many the requester ruled: those do not count. */
  leftOut: number;
}

export interface LevelStratum extends Stratum {
  level: Sensitivity | null;
}

/** A kept regression case, and whether the proposal still decides it as ruled. */
export type KeptCase = Pick<CheckedCase, "ref" | "name" | "control" | "expected" | "holds" | "problem">;

const count = (n: number) => n.toLocaleString("en-GB");
const plural = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** 0.0725 → `7.3`: to a tenth of a percent. */
function percent(rate: number): string {
  return (Math.round(rate * 1000) / 10).toLocaleString("en-GB");
}

/** A bound to a tenth of a percent, away from the rate: what is shown never promises more than was measured. */
const upwards = (rate: number) => Math.min(1, Math.ceil(rate * 1000 - 1e-9) / 1000);
const downwards = (rate: number) => Math.max(0, Math.floor(rate * 1000 + 1e-9) / 1000);

/** Conditions about the use case as a whole, in a fixed order. */
export function conditionsOfUseCase(observed: Observed, limits: Limits): ReadinessCondition[] {
  return [
    days(observed, limits),
    decisions(observed, limits),
    telemetry(observed),
    riskOwner(observed),
    applicationOwners(observed),
    appeals(observed),
  ];
}

/** What was told more than a day later: whoever tells it sets its time. */
function laterText(n: number, one: string, many: string): string {
  if (n === 0) return "";
  return `; ${count(n)} ${n === 1 ? `${one} told more than a day later does` : `${many} told more than a day later do`} not count`;
}

function days({ days: { observed, withTraffic }, toldLater }: Observed, limits: Limits): ReadinessCondition {
  const quiet = withTraffic < observed ? `, ${count(withTraffic)} of them with traffic` : "";
  return {
    id: "days",
    title: "Days observed",
    control: null,
    met: observed >= limits.days,
    measured: observed,
    limit: limits.days,
    text: `${count(observed)} of ${plural(limits.days, "day")}${quiet}${laterText(toldLater.days, "day", "days")}`,
  };
}

function decisions({ decisions: n, toldLater }: Observed, limits: Limits): ReadinessCondition {
  return {
    id: "decisions",
    title: "Decisions seen",
    control: null,
    met: n >= limits.decisions,
    measured: n,
    limit: limits.decisions,
    text: `${count(n)} of ${plural(limits.decisions, "decision")}${laterText(toldLater.decisions, "decision", "decisions")}`,
  };
}

function telemetry({ telemetry: { hours, gapHours, refused } }: Observed): ReadinessCondition {
  const lost =
    refused > 0 ? `; ${plural(refused, "decision")} could not be kept while the database was away` : "";
  return {
    id: "telemetry",
    title: "Telemetry complete",
    control: null,
    met: hours > 0 && gapHours === 0 && refused === 0,
    measured: hours > 0 ? gapHours : null,
    limit: 0,
    text:
      hours > 0
        ? `${count(gapHours)} of ${plural(hours, "hour")} without telemetry${lost}, limit 0`
        : "no telemetry yet",
  };
}

const RISK_OWNER_TEXTS = {
  active: "the risk owner is active",
  without_role: "the named risk owner no longer holds the role",
  left: "the named risk owner is deactivated",
} as const satisfies Record<Observed["riskOwner"], string>;

function riskOwner({ riskOwner: state }: Observed): ReadinessCondition {
  return {
    id: "risk-owner",
    title: "Risk owner active",
    control: null,
    met: state === "active",
    measured: state === "active" ? 1 : 0,
    limit: 1,
    text: RISK_OWNER_TEXTS[state],
  };
}

function applicationOwners({ applicationOwners: { active, named } }: Observed): ReadinessCondition {
  return {
    id: "application-owner",
    title: "Application owner active",
    control: null,
    met: active >= 1,
    measured: active,
    limit: 1,
    text:
      named === 0
        ? "no application owner is named"
        : `${count(active)} of ${plural(named, "application owner")} active, at least 1`,
  };
}

function appeals({ openAppeals: n }: Observed): ReadinessCondition {
  return {
    id: "appeals",
    title: "No open appeal",
    control: null,
    met: n === 0,
    measured: n,
    limit: 0,
    text: n === 0 ? "no open appeal" : `${plural(n, "open appeal")}, limit 0`,
  };
}

/** Conditions about one control, in a fixed order. */
export function conditionsOfControl(evidence: ControlEvidence, limits: Limits): ReadinessCondition[] {
  const fired = evidence.strata.reduce((sum, stratum) => sum + stratum.fired, 0);
  return [
    ...(evidence.unseenBecause === "changed" ? [seen(evidence, limits)] : []),
    ...(fired === 0 ? silent(evidence, limits) : ruled(evidence, fired, limits)),
  ];
}

/** A control of which part of the window says nothing has a count of its own. */
function seen({ control, seen: n, applies }: ControlEvidence, limits: Limits): ReadinessCondition {
  return {
    ...about(control, "decisions", "Decisions seen"),
    met: n >= limits.decisions,
    measured: n,
    limit: limits.decisions,
    text: `${count(n)} of ${plural(limits.decisions, "decision")} since it looks for this (${count(applies - n)} before do not count)`,
  };
}

/**
 * The most that something which did not happen in n trials happens, at 95 %: the rule of three (Hanley and
 * Lippman-Hand, 1983). 1 where n says nothing.
 */
export function ruleOfThree(n: number): number {
  return n <= 3 ? 1 : 3 / n;
}

/** It did not fire: nothing can be ruled, and what it might wrongly act on is bounded by how often it was tried. */
function silent(evidence: ControlEvidence, limits: Limits): ReadinessCondition[] {
  const { control, seen: n, toldLater } = evidence;
  const limit = limits.falsePositiveRate;
  const bound = upwards(ruleOfThree(n));
  const later = laterText(toldLater, "decision", "decisions");
  return [
    {
      ...about(control, "rulings", "Rulings"),
      met: true,
      measured: 0,
      limit: 0,
      text: n > 0 ? `nothing to rule: it did not fire in ${plural(n, "decision")}` : "nothing to rule",
    },
    {
      ...about(control, "false-positives", "False positives"),
      met: bound <= limit,
      measured: bound,
      limit,
      text:
        n === 0
          ? `not tried: ${whyNotTried(evidence)}; nothing is known of its false positives, limit ${percent(limit)} %${later}`
          : `it may fire on up to ${percent(bound)} % of what it looks at, rightly or wrongly (95 %, rule of three), limit ${percent(limit)} %${later}`,
    },
  ];
}

function whyNotTried({ control, applies, unseenBecause }: ControlEvidence): string {
  if (applies === 0) return `nothing that it looks at was recorded${lookedAt(control)}`;
  return unseenBecause === "unheard"
    ? `it fires on signals from outside only, and none came in ${plural(applies, "decision")}`
    : "nobody looked for it before";
}

function lookedAt(control: string): string {
  const subject = SUBJECTS[control];
  return subject ? ` (no request named a ${subject.name})` : "";
}

function ruled(
  { control, strata, leftOut }: ControlEvidence,
  fired: number,
  limits: Limits,
): ReadinessCondition[] {
  const estimate = estimateFalsePositives(strata);
  const limit = limits.falsePositiveRate;
  const known = estimate.rulings > 0;
  const high = upwards(estimate.high);
  const bounds = `${percent(downwards(estimate.low))}–${percent(high)} %`;
  return [
    {
      ...about(control, "rulings", "Rulings"),
      met: estimate.rulings >= limits.rulings,
      measured: estimate.rulings,
      limit: limits.rulings,
      text: rulingsText({ ...estimate, leftOut }, limits),
    },
    {
      ...about(control, "false-positives", "False positives"),
      met: high <= limit,
      measured: known ? high : null,
      limit,
      text: known
        ? `false positives ${bounds} at 95 %, limit ${percent(limit)} %${unruledText(strata, fired)}`
        : `false positives not known, limit ${percent(limit)} %`,
    },
  ];
}

function rulingsText(
  { rulings, unsure, fired, leftOut }: FalsePositiveEstimate & Pick<ControlEvidence, "leftOut">,
  limits: Limits,
): string {
  const notes = [
    leftOut > 0 ? `${count(leftOut)} by the requester ${leftOut === 1 ? "does" : "do"} not count` : "",
    unsure > 0 ? `${count(unsure)} unsure, taken for right and for wrong` : "",
    fired < limits.rulings ? `it fired ${plural(fired, "time")} in all` : "",
  ].filter(Boolean);
  const said = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  const figure = `${count(rulings)} of ${plural(limits.rulings, "ruling")}${said}`;
  if (rulings > 0) return figure;
  return `no rulings ${leftOut > 0 ? "by others " : ""}yet: ${figure}`;
}

/** Levels that fired and of which nothing is ruled: they widen the bounds, and it is said by how much. */
function unruledText(strata: readonly LevelStratum[], fired: number): string {
  const bare = strata.filter(
    ({ fired, sampled: { true_positive, false_positive, unsure } }) =>
      fired > 0 && true_positive + false_positive + unsure === 0,
  );
  if (bare.length === 0) return "";
  const share = bare.reduce((sum, stratum) => sum + stratum.fired, 0) / fired;
  const levels = bare.map(({ level }) => level ?? "no level").sort();
  return `; nothing is ruled of ${levels.join(", ")}, ${percent(share)} % of what it fired on`;
}

function about(
  control: string,
  kind: string,
  title: string,
): Pick<ReadinessCondition, "id" | "title" | "control"> {
  return { id: `${kind}:${control}`, title: `${title}: ${getControl(control)?.title ?? control}`, control };
}

const MUST = { fires: "must fire", does_not_fire: "must not fire" } as const;
const NAMED = 5;

/** Do the kept cases come out as ruled? Nothing when none is kept. */
export function conditionOfCases(cases: readonly KeptCase[]): ReadinessCondition[] {
  if (cases.length === 0) return [];
  const failing = cases.filter(({ holds }) => !holds);
  const holding = cases.length - failing.length;
  const named = failing.slice(0, NAMED).map(caseText).join(", ");
  const rest = failing.length > NAMED ? ` and ${count(failing.length - NAMED)} more` : "";
  const said = failing.length > 0 ? `; not: ${named}${rest}` : "";
  return [
    {
      id: "cases",
      title: "Kept cases hold",
      control: null,
      met: failing.length === 0,
      measured: holding,
      limit: cases.length,
      text: `${count(holding)} of ${plural(cases.length, "kept case")} ${holding === 1 ? "holds" : "hold"}${said}`,
    },
  ];
}

function caseText({ ref, name, control, expected, problem }: KeptCase): string {
  return `${ref} “${name}” (${control} ${problem ? "cannot be told" : MUST[expected]})`;
}
