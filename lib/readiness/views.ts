import type { Mode, Sensitivity, Stage, Tier } from "@/lib/policy/vocabulary";
import type { UseCaseRef } from "@/lib/use-cases/views";

/** One measured condition. */
export interface ReadinessCondition {
  /** `days`, `decisions`, … or `rulings:pii/email`. An acceptance names it. */
  id: string;
  title: string;
  /** The control that it is about; null: the use case. */
  control: string | null;
  met: boolean;
  /** In the unit of the limit; rates from 0 to 1. Null where nothing is known. */
  measured: number | null;
  limit: number | null;
  /** Figure, limit and how far it is: `41 of 50 rulings`. */
  text: string;
}

/**
 * How ready the evidence is for what a proposal switches on. It depends on nothing but the window, the documents,
 * the limits and what was recorded; all lists are sorted, rates are rounded to a thousandth.
 */
export interface ReadinessView {
  schema: "sluice.readiness/v1";
  /** Does the proposal move a control or the stage up? If not, only kept cases are looked at. */
  asked: boolean;
  /** Whose limits hold. */
  tier: Tier;
  /** Whole hours, `to` excluded. */
  from: string;
  to: string;
  /** Controls that the proposal moves up, sorted. */
  controls: string[];
  conditions: ReadinessCondition[];
}

/** What the reader may do themselves about conditions that are not met. */
export interface MendsView {
  /** Rule on findings and answer appeals. */
  rule: boolean;
  /** Name other owners of the use case. */
  nameOwners: boolean;
}

/** A control that does not act for everybody yet, and what its evidence says. */
export interface ControlReadiness {
  control: string;
  mode: Exclude<Mode, "off">;
  sensitivity: Sensitivity | null;
  /** Does it act now, for some traffic at least? */
  acts: boolean;
  conditions: ReadinessCondition[];
}

/** What a use case still lacks for its next step, and each control to be enforced. */
export interface UseCaseReadiness {
  useCase: UseCaseRef;
  tier: Tier;
  stage: Stage;
  from: string;
  to: string;
  /** The next stage as it would be proposed; null at the end of the ladder. */
  step: { to: Stage; readiness: ReadinessView } | null;
  controls: ControlReadiness[];
  mends: MendsView;
}

/** A condition of a change that its risk owner accepted as it is. */
export interface AcceptanceView {
  condition: string;
  reason: string;
  /** Name. */
  by: string;
  at: string;
  /** Does it still stand on the evidence as it is now? */
  current: boolean;
}

/** What a control would do at one level, the levels before it included. */
export interface LevelEvidence {
  level: Sensitivity;
  /** Recorded decisions on which it would fire. */
  fired: number;
  /** Rulings of what it fired on, however they came about; what is left over nobody ruled. */
  rulings: { true_positive: number; false_positive: number; unsure: number };
  unruled: number;
  /** Share of false ones at 95 %, from 0 to 1, by the random sample alone; null while nothing of it is ruled. */
  falsePositives: { low: number; high: number } | null;
  /** Findings that an exception spared when they were made. */
  exempted: number;
}

/** What each level of a content control would have fired on in the window: L1, L2, L3, L4. */
export interface ControlSensitivity {
  control: string;
  /** As bound in what is in force; null when it is not listed. */
  mode: Mode | null;
  sensitivity: Sensitivity | null;
  /** Decisions whose action it looks at. */
  of: number;
  levels: LevelEvidence[];
}

export interface SensitivityView {
  useCase: UseCaseRef;
  from: string;
  to: string;
  controls: ControlSensitivity[];
}
