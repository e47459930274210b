import { describe, expect, it } from "vitest";
import type { CalendarEvent } from "@/lib/exceptions/views";
import { dayIn, isMonth, monthAfter, prepareMonth, windowOf } from "./prepare-month";

const event = (at: string, ref = "EXC-1"): CalendarEvent => ({
  at,
  kind: "expires",
  ref,
  useCase: "Bot",
  riskOwner: "Rita",
  state: "in_force",
});

describe("a month of the calendar", () => {
  it("has whole weeks from Monday that hold every day of it once", () => {
    for (let by = -30; by < 30; by++) {
      const month = monthAfter("2026-03", by);
      const weeks = prepareMonth(month, [], "UTC", "2026-03-02T09:00:00Z");
      const days = weeks.flat();
      expect(weeks.every((week) => week.length === 7)).toBe(true);
      expect(weeks.every(([first]) => new Date(first?.day ?? "").getUTCDay() === 1)).toBe(true);
      const inMonth = days.filter((day) => day.inMonth).map(({ number }) => number);
      expect(inMonth).toEqual(inMonth.map((_, index) => index + 1));
      expect(inMonth.length).toBeGreaterThanOrEqual(28);
      expect(weeks[0]?.some((day) => day.inMonth) && weeks.at(-1)?.some((day) => day.inMonth)).toBe(true);
      const { from, to } = windowOf(month);
      expect(from < (days[0]?.day ?? "") && to.slice(0, 10) > (days.at(-1)?.day ?? "")).toBe(true);
    }
  });

  it("puts what happens on the day that the reader's zone has", () => {
    const late = event("2026-03-02T23:30:00.000Z");
    const onDay = (zone: string) =>
      prepareMonth("2026-03", [late], zone, "2026-03-02T09:00:00Z")
        .flat()
        .filter(({ events }) => events.length > 0)
        .map(({ day }) => day);
    expect([onDay("UTC"), onDay("Europe/Berlin"), onDay("America/New_York")]).toEqual([
      ["2026-03-02"],
      ["2026-03-03"],
      ["2026-03-02"],
    ]);
    expect(dayIn("2026-03-02T23:30:00.000Z", "Pacific/Kiritimati")).toBe("2026-03-03");
  });

  it("knows months", () => {
    expect([monthAfter("2026-01", -1), monthAfter("2026-12", 1)]).toEqual(["2025-12", "2027-01"]);
    expect([isMonth("2026-03"), isMonth("2026-13"), isMonth("x"), isMonth(null)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
