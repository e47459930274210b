import type { ApprovalStatus, Verdict } from "./lifecycle";

/** How long a request is held, and its grant good, in milliseconds; then it counts as denied. */
export const HELD_MS = 15 * 60_000;

/** What is stored of where a held request stands. */
export interface Standing {
  verdict: Verdict | null;
  expiresAt: Date;
  usedAt: Date | null;
}

/** How it stands at an instant. It expires at `expiresAt` itself, to the millisecond. */
export function statusAt({ verdict, expiresAt, usedAt }: Standing, now: Date): ApprovalStatus {
  if (usedAt !== null) return "used";
  if (verdict === "denied") return "denied";
  if (now.getTime() >= expiresAt.getTime()) return "expired";
  return verdict ?? "pending";
}

/** `APR-31`. */
export function refOf({ ref }: { ref: number }): string {
  return `APR-${ref}`;
}
