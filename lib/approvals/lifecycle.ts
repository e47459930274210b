/** A held request waits until a person grants or denies it; what time and use make of it is computed, never stored. */

export const VERDICTS = ["granted", "denied"] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * How a held request stands. `expired`: nobody decided in time, or its grant was not used in time; it counts as denied.
 * `used`: its grant has let one request pass, and lets no other.
 */
export const APPROVAL_STATUSES = ["pending", "granted", "denied", "expired", "used"] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

interface Transition {
  from: readonly ApprovalStatus[];
  to: ApprovalStatus;
}

/** `use` is the only one that is not a person's: the decision point makes it when the same request comes again. */
export const TRANSITIONS = {
  grant: { from: ["pending"], to: "granted" },
  deny: { from: ["pending"], to: "denied" },
  use: { from: ["granted"], to: "used" },
} as const satisfies Record<string, Transition>;

export type ApprovalMove = keyof typeof TRANSITIONS;

/** The moves of people. */
export const APPROVAL_ACTIONS = ["grant", "deny"] as const satisfies ApprovalMove[];
export type ApprovalAction = (typeof APPROVAL_ACTIONS)[number];

/** Does the state allow the move? Says nothing of who. */
export function mayMove(status: ApprovalStatus, move: ApprovalMove): boolean {
  const from: readonly ApprovalStatus[] = TRANSITIONS[move].from;
  return from.includes(status);
}
