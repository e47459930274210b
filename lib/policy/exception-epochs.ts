import type { PolicyExceptionTerms } from "./exception";

/** A review that was made of an exception: what was due, when it was made, and until when it holds. */
export interface PastReview {
  dueAt: Date;
  at: Date;
  nextReviewAt: Date;
}

/**
 * An exception as it stood at each time: one set of terms for the time before its first review, between each two, and
 * after the last (as stored). Their times do not overlap, so that at any instant at most one of them is in force,
 * and it is exactly when the exception was.
 */
export function epochsOf(
  terms: PolicyExceptionTerms,
  reviews: readonly PastReview[],
): PolicyExceptionTerms[] {
  const ordered = [...reviews].sort((a, b) => a.at.getTime() - b.at.getTime());
  const epochs = ordered.map((review, index): PolicyExceptionTerms => {
    const previous = ordered[index - 1];
    return {
      ...terms,
      approvedAt: later(terms.approvedAt, previous?.at ?? terms.approvedAt),
      reviewAt: review.dueAt,
      reviewedAt: previous?.at ?? null,
      endedAt: terms.endedAt !== null && terms.endedAt < review.at ? terms.endedAt : review.at,
    };
  });
  const last = ordered.at(-1);
  return [...epochs, last ? { ...terms, approvedAt: later(terms.approvedAt, last.at) } : terms];
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
