/** What became of an exception that a campaign asked about. */
export const ITEM_STATES = ["open", "kept", "shortened", "revoked", "retired", "expired"] as const;
export type ItemState = (typeof ITEM_STATES)[number];

export interface Asked {
  status: string;
  expiresAt: Date;
  endedAt: Date | null;
  /** Reviews of the exception, in the order of time. */
  reviews: readonly { at: Date }[];
  /** Each time that its expiry was made an earlier one, likewise. */
  shortenings: readonly { at: Date }[];
}

/**
 * What became of an exception since a campaign began, at an instant, and when: told by its own record, so a review
 * outside of the campaign counts as well, and one before it does not.
 */
export function itemState(asked: Asked, startedAt: Date, now: Date): { state: ItemState; at: Date | null } {
  const review = asked.reviews.find(({ at }) => at >= startedAt);
  if (asked.status === "revoked" || asked.status === "retired") {
    return { state: asked.status, at: asked.endedAt };
  }
  const shortening = asked.shortenings.find(({ at }) => at >= startedAt);
  if (shortening) return { state: "shortened", at: shortening.at };
  if (review) return { state: "kept", at: review.at };
  return asked.expiresAt <= now ? { state: "expired", at: asked.expiresAt } : { state: "open", at: null };
}

export interface Progress {
  done: number;
  of: number;
  overdue: number;
  /** When the last one was done; null while something is open. */
  closedAt: Date | null;
}

/** How far a campaign is. It closes by itself, with the last of its exceptions. */
export function progressOf(
  items: readonly { state: ItemState; at: Date | null }[],
  dueAt: Date,
  now: Date,
): Progress {
  const open = items.filter(({ state }) => state === "open").length;
  const times = items.flatMap(({ at }) => (at ? [at.getTime()] : []));
  return {
    done: items.length - open,
    of: items.length,
    overdue: now > dueAt ? open : 0,
    closedAt: open === 0 && times.length > 0 ? new Date(Math.max(...times)) : null,
  };
}
