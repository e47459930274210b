import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyException } from "@/lib/policy/arbitraries";
import { isInForce, type PolicyExceptionTerms } from "@/lib/policy/exception";
import { epochsOf, type PastReview } from "@/lib/policy/exception-epochs";
import { turningPoints } from "./turning-points";

const DAY = 86_400_000;

/** An exception as stored, with the reviews that led there: each due at the end of the one before. */
const anyHistory = fc
  .tuple(
    anyException,
    fc.array(fc.tuple(fc.integer({ min: 1, max: 15 * DAY }), fc.integer({ min: 1, max: 20 * DAY })), {
      maxLength: 4,
    }),
  )
  .map(
    ([terms, steps]): {
      first: PolicyExceptionTerms;
      stored: PolicyExceptionTerms;
      reviews: PastReview[];
    } => {
      const first = { ...terms, reviewedAt: null };
      const reviews: PastReview[] = [];
      let [dueAt, last] = [first.reviewAt, first.approvedAt];
      for (const [delay, next] of steps) {
        const at = new Date(Math.max(last.getTime() + 1, dueAt.getTime() - 5 * DAY + delay));
        const nextReviewAt = new Date(at.getTime() + next);
        reviews.push({ dueAt, at, nextReviewAt });
        [dueAt, last] = [nextReviewAt, at];
      }
      const stored = { ...first, reviewAt: dueAt, reviewedAt: reviews.at(-1)?.at ?? null };
      return { first, stored, reviews };
    },
  );

/** What was stored at that instant. */
function asOf(first: PolicyExceptionTerms, reviews: readonly PastReview[], at: Date): PolicyExceptionTerms {
  const made = reviews.filter((review) => review.at <= at).at(-1);
  return made ? { ...first, reviewAt: made.nextReviewAt, reviewedAt: made.at } : first;
}

describe("an exception through its reviews", () => {
  it("is in force in its epochs exactly when it was, never in two of them at once", () => {
    const seen = { inForce: 0, suspendedBeforeReview: 0 };
    fc.assert(
      fc.property(
        anyHistory,
        fc.array(fc.integer({ min: 0, max: 60 * DAY }), { minLength: 20 }),
        (history, offsets) => {
          const { first, stored, reviews } = history;
          const epochs = epochsOf(stored, reviews);
          const instants = [
            ...offsets.map((offset) => first.startsAt.getTime() + offset),
            ...reviews.flatMap(({ at }) => [at.getTime() - 1, at.getTime()]),
          ];
          for (const ms of instants) {
            const at = new Date(ms);
            const was = isInForce(asOf(first, reviews, at), at);
            expect(epochs.filter((terms) => isInForce(terms, at))).toHaveLength(was ? 1 : 0);
            if (was) seen.inForce++;
            if (!was && isInForce(stored, at)) seen.suspendedBeforeReview++;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(seen.inForce).toBeGreaterThan(500);
    expect(seen.suspendedBeforeReview).toBeGreaterThan(20);
  });

  it("turns only where the set of exceptions in force changes", () => {
    fc.assert(
      fc.property(
        fc.array(anyException, { maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 60 * DAY - 1 })),
        (all, offsets) => {
          const from = new Date(Date.UTC(2026, 10, 1));
          const to = new Date(from.getTime() + 60 * DAY);
          const bounds = [from, ...turningPoints(all, from, to)];
          const setAt = (at: Date) => all.map((terms) => isInForce(terms, at)).join();
          for (const offset of offsets) {
            const at = new Date(from.getTime() + offset);
            const start = bounds.findLast((bound) => bound <= at) ?? from;
            expect(setAt(start)).toBe(setAt(at));
          }
          for (const turn of bounds.slice(1))
            expect(setAt(new Date(turn.getTime() - 1))).not.toBe(setAt(turn));
        },
      ),
    );
  });
});
