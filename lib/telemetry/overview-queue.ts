import { OVERDUE_DAYS } from "@/lib/notify/rules";
import { DAY_MS } from "./rules";
import type { QueueItem } from "./views";

/**
 * A person's queue as the first page lists it: what a campaign asks of them is one line, and what has no date of its own
 * stands where it would be overdue, so that an approval is never below reviews of next week. Drift, which nobody waits
 * for, comes last.
 */
export function toOverviewQueue(queue: readonly QueueItem[]): QueueItem[] {
  const campaigns = Map.groupBy(
    queue.filter(({ kind }) => kind === "campaign_item"),
    ({ href }) => href,
  );
  const others = queue.filter(({ kind }) => kind !== "campaign_item");
  return [...others, ...[...campaigns.values()].map(inOneLine)].sort(
    (a, b) => dueMs(a) - dueMs(b) || Date.parse(a.since) - Date.parse(b.since),
  );
}

function dueMs({ kind, dueAt, since }: QueueItem): number {
  if (dueAt) return Date.parse(dueAt);
  return kind === "drift" ? Number.MAX_SAFE_INTEGER : Date.parse(since) + OVERDUE_DAYS * DAY_MS;
}

const NAMED = 3;

/** Items of one campaign, at least one. */
function inOneLine(items: readonly QueueItem[]): QueueItem {
  const [first] = items as [QueueItem];
  if (items.length === 1) return { ...first, ref: `exception ${first.ref}` };
  const named = items.slice(0, NAMED).map(({ ref }) => ref);
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : "";
  const isOneUseCase = items.every(({ useCase }) => useCase?.id === first.useCase?.id);
  return {
    ...first,
    ref: `${items.length} exceptions of ${first.href.split("/").at(-1)}`,
    useCase: isOneUseCase ? first.useCase : null,
    summary: `${named.join(", ")}${more}`,
  };
}
