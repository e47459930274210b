import { WordBadge } from "@/components/vocabulary/badges";
import type { ExceptionSummary } from "@/lib/exceptions/views";

/** What stands out about an exception besides its state, each in words. */
export function ExceptionBadges({ exception }: { exception: ExceptionSummary }) {
  const { state, broad, overdue, unused, reassign } = exception;
  return (
    <>
      <WordBadge word={state}>{state === "review_overdue" ? "suspended" : undefined}</WordBadge>
      {overdue && state !== "review_overdue" && <WordBadge word="review_overdue">review due</WordBadge>}
      {broad && <WordBadge word="mixed">broad</WordBadge>}
      {reassign && <WordBadge word="high">owner left</WordBadge>}
      {unused && <WordBadge word="low">unused</WordBadge>}
    </>
  );
}
