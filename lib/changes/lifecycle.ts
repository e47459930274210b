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
  /** Where it leads, from wherever or by where it stood; `null`: the state stays. */
  to: ChangeStatus | Partial<Record<ChangeStatus, ChangeStatus>> | null;
}

export const TRANSITIONS = {
  /** What was approved is no longer what stands: an edit (or rebase) puts it before the approvers again. */
  edit: {
    from: ["draft", "in_review", "approved"],
    to: { draft: "draft", in_review: "in_review", approved: "in_review" },
  },
  submit: { from: ["draft"], to: "in_review" },
  /** Only the approval that fills the last seat moves it on. */
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

/** Does somebody still have to do something? */
export function isOpen(status: ChangeStatus): boolean {
  const open: readonly ChangeStatus[] = OPEN_STATUSES;
  return open.includes(status);
}

/** Does the state allow the move? Says nothing of who. */
export function mayMove(status: ChangeStatus, action: ChangeAction): boolean {
  const from: readonly ChangeStatus[] = TRANSITIONS[action].from;
  return from.includes(status);
}

/** The state after a move that the state allows. */
export function statusAfter(status: ChangeStatus, action: ChangeAction): ChangeStatus {
  const { to }: Transition = TRANSITIONS[action];
  if (to === null) return status;
  return typeof to === "string" ? to : (to[status] ?? status);
}
