/** The states of a change request and the moves between them. */

export const CHANGE_STATUSES = [
  "draft",
  "in_review",
  "approved",
  "scheduled",
  "suspended",
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

/** States in which somebody has put it before those who decide, and nobody has closed it. */
export const SUBMITTED_STATUSES = ["in_review", "approved", "scheduled", "suspended"] as const;

/** States in which somebody still has to do something. */
export const OPEN_STATUSES = ["draft", ...SUBMITTED_STATUSES] as const satisfies readonly ChangeStatus[];

/** What was approved is no longer what stands: it is before the approvers again. */
const AGAIN = {
  draft: "draft",
  in_review: "in_review",
  approved: "in_review",
  scheduled: "in_review",
  suspended: "in_review",
} as const;

export const TRANSITIONS = {
  edit: { from: OPEN_STATUSES, to: AGAIN },
  rebase: { from: OPEN_STATUSES, to: AGAIN },
  /** Measures the evidence anew. */
  measure: { from: SUBMITTED_STATUSES, to: AGAIN },
  submit: { from: ["draft"], to: "in_review" },
  /** Only the acceptance or the approval that was the last thing missing moves it on. */
  accept: { from: ["in_review"], to: "approved" },
  approve: { from: ["in_review"], to: "approved" },
  ask_reviewers: { from: OPEN_STATUSES, to: null },
  reject: { from: SUBMITTED_STATUSES, to: "rejected" },
  withdraw: { from: OPEN_STATUSES, to: "withdrawn" },
  schedule: { from: ["approved", "scheduled", "suspended"], to: "scheduled" },
  unschedule: { from: ["scheduled"], to: "approved" },
  /** By the job, at the time for which it was scheduled, when it may not be applied. */
  suspend: { from: ["scheduled"], to: "suspended" },
  apply: { from: ["approved", "scheduled"], to: "applied" },
  break_glass: { from: OPEN_STATUSES, to: "applied" },
  /** Of what broke the glass. */
  review: { from: ["applied"], to: null },
  roll_back: { from: ["applied"], to: null },
  comment: { from: CHANGE_STATUSES, to: null },
} as const satisfies Record<string, Transition>;

export type ChangeMove = keyof typeof TRANSITIONS;
/** Moves of people; the others are the jobs'. */
export type ChangeAction = Exclude<ChangeMove, "suspend">;
export const CHANGE_ACTIONS = (Object.keys(TRANSITIONS) as ChangeMove[]).filter(
  (move): move is ChangeAction => move !== "suspend",
);

/** Does somebody still have to do something? */
export function isOpen(status: ChangeStatus): boolean {
  const open: readonly ChangeStatus[] = OPEN_STATUSES;
  return open.includes(status);
}

/** Does the state allow the move? Says nothing of who. */
export function mayMove(status: ChangeStatus, move: ChangeMove): boolean {
  const from: readonly ChangeStatus[] = TRANSITIONS[move].from;
  return from.includes(status);
}

/** The state after a move that the state allows. */
export function statusAfter(status: ChangeStatus, move: ChangeMove): ChangeStatus {
  const { to }: Transition = TRANSITIONS[move];
  if (to === null) return status;
  return typeof to === "string" ? to : (to[status] ?? status);
}
