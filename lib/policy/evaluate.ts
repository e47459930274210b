import type { CompiledPolicy } from "./compile";
import type { PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import type { Mode, Outcome, Sensitivity } from "./vocabulary";

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

export type Evaluate = (
  facts: Facts,
  policy: CompiledPolicy,
  exceptions: readonly ExceptionInForce[],
  now: Date,
  factsKey?: string,
) => Evaluation;
