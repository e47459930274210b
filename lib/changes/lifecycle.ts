/** The states of a change request and the moves between them. */

export const CHANGE_STATUSES = [
  "draft",
  "in_review",
  "approved",
  "applied",
  "rejected",
  "withdrawn",
] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

interface Transition {
  from: readonly ChangeStatus[];
  /** `null`: the state stays. An approval moves on only when it fills the last seat. */
  to: ChangeStatus | null;
}

export const TRANSITIONS = {
  edit: { from: ["draft", "in_review"], to: null },
  submit: { from: ["draft"], to: "in_review" },
  approve: { from: ["in_review"], to: "approved" },
  reject: { from: ["in_review"], to: "rejected" },
  withdraw: { from: ["draft", "in_review", "approved"], to: "withdrawn" },
  apply: { from: ["approved"], to: "applied" },
  comment: { from: ["draft", "in_review", "approved", "applied", "rejected", "withdrawn"], to: null },
} as const satisfies Record<string, Transition>;

export type ChangeAction = keyof typeof TRANSITIONS;
export const CHANGE_ACTIONS = Object.keys(TRANSITIONS) as ChangeAction[];

/** States in which somebody still has to do something. */
export const OPEN_STATUSES = ["draft", "in_review", "approved"] as const satisfies readonly ChangeStatus[];

/** Does the state allow the move? Says nothing of who. */
export function mayMove(status: ChangeStatus, action: ChangeAction): boolean {
  const from: readonly ChangeStatus[] = TRANSITIONS[action].from;
  return from.includes(status);
}
