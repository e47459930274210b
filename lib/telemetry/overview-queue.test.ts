import { expect, test } from "vitest";
import { toOverviewQueue } from "./overview-queue";
import type { QueueItem } from "./views";

const day = (n: number) => `2026-11-${String(n).padStart(2, "0")}T00:00:00.000Z`;

function item(kind: QueueItem["kind"], ref: string, rest: Partial<QueueItem> = {}): QueueItem {
  return {
    kind,
    id: ref,
    ref,
    useCase: { id: "u1", slug: "a", name: "A", tier: "low" },
    direction: null,
    summary: "",
    requestedBy: "",
    since: day(1),
    dueAt: null,
    href: `/${ref}`,
    ...rest,
  };
}

const asked = (ref: string, campaign: string, dueAt: string) =>
  item("campaign_item", ref, { href: `/exceptions/campaigns/${campaign}`, dueAt });

test("an approval stands where it would be overdue, drift last", () => {
  const queue = [
    item("exception_review", "EXC-1", { dueAt: day(23) }),
    item("exception_expiring", "EXC-2", { dueAt: day(30) }),
    item("drift", "of 2 values"),
    item("change_approval", "CHG-1", { since: day(21) }),
  ];
  expect(toOverviewQueue(queue).map(({ ref }) => ref)).toEqual(["EXC-1", "CHG-1", "EXC-2", "of 2 values"]);
});

test("what a campaign asks is one line, with the use case when there is one", () => {
  const other = { id: "u2", slug: "b", name: "B", tier: "low" as const };
  const queue = [
    asked("EXC-1", "CMP-1", day(20)),
    asked("EXC-2", "CMP-1", day(20)),
    asked("EXC-3", "CMP-1", day(20)),
    { ...asked("EXC-4", "CMP-1", day(20)), useCase: other },
    asked("EXC-1", "CMP-2", day(25)),
    asked("EXC-2", "CMP-2", day(25)),
    asked("EXC-9", "CMP-3", day(26)),
  ];
  expect(toOverviewQueue(queue).map(({ ref, summary, useCase }) => [ref, summary, useCase?.name])).toEqual([
    ["4 exceptions of CMP-1", "EXC-1, EXC-2, EXC-3 and 1 more", undefined],
    ["2 exceptions of CMP-2", "EXC-1, EXC-2", "A"],
    ["exception EXC-9", "", "A"],
  ]);
});
