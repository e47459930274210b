import { describe, expect, it } from "vitest";
import { PRESETS, periodOf } from "./periods";

describe("periods of an evidence pack", () => {
  it("are whole months and quarters of the calendar, also over the turn of a year", () => {
    const january = "2027-01-15T10:30:00.000Z";
    expect(periodOf("last-month", january)).toEqual({
      from: "2026-12-01T00:00:00.000Z",
      to: "2027-01-01T00:00:00.000Z",
    });
    expect(periodOf("last-quarter", january)).toEqual({
      from: "2026-10-01T00:00:00.000Z",
      to: "2027-01-01T00:00:00.000Z",
    });
    expect(periodOf("this-month", january)).toEqual({ from: "2027-01-01T00:00:00.000Z", to: january });
  });

  it("end with this minute at the latest and begin before they end", () => {
    for (const now of ["2026-01-01T00:00:01.000Z", "2028-02-29T23:59:59.999Z", "2026-04-01T00:00:00.001Z"]) {
      for (const { id } of PRESETS) {
        const { from, to } = periodOf(id, now);
        expect(Date.parse(to)).toBeLessThan(Date.parse(now) + 60_000);
        expect(Date.parse(from)).toBeLessThan(Date.parse(to));
      }
    }
  });
});
