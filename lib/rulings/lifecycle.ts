/** Was the finding right? */
export const ANSWERS = ["true_positive", "false_positive", "unsure"] as const;
export type Answer = (typeof ANSWERS)[number];

/**
 * How a finding came to be ruled. `sampled`: it was drawn at random; only this feeds a rate. `appealed`: an application
 * owner asked, and asks where it hurts. `picked`: somebody opened a decision and ruled.
 */
export const BASES = ["sampled", "appealed", "picked"] as const;
export type Basis = (typeof BASES)[number];

/** `upheld`: the finding was right. `overturned`: it was a false positive. */
export const APPEAL_STATUSES = ["open", "upheld", "overturned", "withdrawn"] as const;
export type AppealStatus = (typeof APPEAL_STATUSES)[number];

interface Transition {
  from: readonly AppealStatus[];
  to: AppealStatus;
  /** Who: the person who appealed, or anybody else who may rule. */
  by: "appellant" | "other";
}

export const APPEAL_TRANSITIONS = {
  uphold: { from: ["open"], to: "upheld", by: "other" },
  overturn: { from: ["open"], to: "overturned", by: "other" },
  withdraw: { from: ["open"], to: "withdrawn", by: "appellant" },
} as const satisfies Record<string, Transition>;

export type AppealAction = keyof typeof APPEAL_TRANSITIONS;
export const APPEAL_ACTIONS = Object.keys(APPEAL_TRANSITIONS) as AppealAction[];

/** What an answered appeal rules of its finding. */
export const RULED_BY_APPEAL = {
  upheld: "true_positive",
  overturned: "false_positive",
} as const satisfies Partial<Record<AppealStatus, Answer>>;

/** Does the state allow the move? Says nothing of who. */
export function mayMove(status: AppealStatus, action: AppealAction): boolean {
  const from: readonly AppealStatus[] = APPEAL_TRANSITIONS[action].from;
  return from.includes(status);
}

/** What the control must do on the facts of a kept case. */
export const EXPECTATIONS = ["fires", "does_not_fire"] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

/** What a ruling expects of the control ever after; an unsure one expects nothing. */
export function expectationOf(answer: Answer): Expectation | null {
  if (answer === "unsure") return null;
  return answer === "true_positive" ? "fires" : "does_not_fire";
}
