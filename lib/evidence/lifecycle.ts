/** The states of an evidence pack and the moves between them. */

export const PACK_STATUSES = ["pending", "building", "ready", "failed"] as const;
export type PackStatus = (typeof PACK_STATUSES)[number];

interface Transition {
  from: readonly PackStatus[];
  to: PackStatus;
}

export const TRANSITIONS = {
  /** From `building` too: a worker that was killed leaves the pack to the next one. */
  build: { from: ["pending", "building"], to: "building" },
  finish: { from: ["building"], to: "ready" },
  fail: { from: ["pending", "building"], to: "failed" },
} as const satisfies Record<string, Transition>;

export type PackMove = keyof typeof TRANSITIONS;
