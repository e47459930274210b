/** The states of an exception and the moves between them. What time changes is computed, never stored. */

export const EXCEPTION_STATUSES = [
  "draft",
  "submitted",
  "approved",
  "rejected",
  "withdrawn",
  "revoked",
  "retired",
] as const;
export type ExceptionStatus = (typeof EXCEPTION_STATUSES)[number];

interface Transition {
  from: readonly ExceptionStatus[];
  /** Null: it stays in its state. */
  to: ExceptionStatus | null;
}

export const TRANSITIONS = {
  submit: { from: ["draft"], to: "submitted" },
  approve: { from: ["submitted"], to: "approved" },
  reject: { from: ["submitted"], to: "rejected" },
  withdraw: { from: ["draft", "submitted"], to: "withdrawn" },
  review: { from: ["approved"], to: null },
  shorten: { from: ["approved"], to: null },
  revoke: { from: ["approved"], to: "revoked" },
  retire: { from: ["approved"], to: "retired" },
  renew: { from: ["approved"], to: null },
  reassign: { from: ["draft", "submitted", "approved"], to: null },
} as const satisfies Record<string, Transition>;

export type ExceptionAction = keyof typeof TRANSITIONS;
export const EXCEPTION_ACTIONS = Object.keys(TRANSITIONS) as ExceptionAction[];

/** Does the state allow the move? Says nothing of who, nor of time. */
export function mayMove(status: ExceptionStatus, action: ExceptionAction): boolean {
  const from: readonly ExceptionStatus[] = TRANSITIONS[action].from;
  return from.includes(status);
}
