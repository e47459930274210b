import { expect, test } from "vitest";
import { daysLeft, hoursLeft, leftText } from "./time-left";

const NOW = new Date("2026-11-21T09:48:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const text = (until: Date) => leftText(hoursLeft(until, NOW));
const after = (ms: number) => new Date(NOW.getTime() + ms);

test("says no more days than are left", () => {
  expect(text(new Date("2026-12-05T10:12:00Z"))).toBe("14 days");
  expect(text(new Date("2026-11-23T14:12:00Z"))).toBe("2 days");
  expect([14 * DAY_MS, 14 * DAY_MS - 1, 2 * DAY_MS, 2 * DAY_MS - 1].map((ms) => text(after(ms)))).toEqual([
    "14 days",
    "13 days",
    "2 days",
    "1 day",
  ]);
});

test("counts hours on the last day, and the last of them as under one", () => {
  expect(
    [DAY_MS, DAY_MS - 1, 2 * HOUR_MS, 2 * HOUR_MS - 1, HOUR_MS, HOUR_MS - 1, 1].map((ms) => text(after(ms))),
  ).toEqual(["1 day", "23 hours", "2 hours", "1 hour", "1 hour", "under an hour", "under an hour"]);
});

test("is never below 0", () => {
  expect([DAY_MS, DAY_MS - 1, 0, -1, -DAY_MS].map((ms) => daysLeft(after(ms), NOW))).toEqual([1, 0, 0, 0, 0]);
  expect([HOUR_MS, 0, -DAY_MS].map((ms) => hoursLeft(after(ms), NOW))).toEqual([1, 0, 0]);
});
