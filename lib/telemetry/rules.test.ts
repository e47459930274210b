import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionIdAt } from "@/lib/pdp/decision-id";
import { OUTCOMES } from "@/lib/policy/vocabulary";
import {
  ceilHour,
  floorHour,
  foldSeries,
  HOUR_MS,
  percentileFromBuckets,
  sumOutcomes,
  uuidv7Time,
  wholeHours,
} from "./rules";

const at = (text: string) => new Date(`2026-03-${text}Z`);

describe("whole hours of a window", () => {
  it("widens to whole hours and stops with the present one", () => {
    expect(wholeHours(at("01T10:20"), at("01T12:01"), at("02T00:00"))).toEqual({
      from: at("01T10:00"),
      to: at("01T13:00"),
    });
    expect(wholeHours(at("01T10:20"), at("09T00:00"), at("01T11:59")).to).toEqual(at("01T12:00"));
    expect(wholeHours(at("05T00:00"), at("06T00:00"), at("01T00:00"))).toEqual({
      from: at("05T00:00"),
      to: at("05T00:00"),
    });
  });

  it("keeps an instant on the hour where it is", () => {
    expect(floorHour(at("01T10:00"))).toEqual(at("01T10:00"));
    expect(ceilHour(at("01T10:00"))).toEqual(at("01T10:00"));
  });
});

describe("folding hours into buckets", () => {
  const window = { from: at("01T22:00"), to: at("02T02:00") };

  it("says gap where nothing is known and zero where it is known that nothing was", () => {
    const folded = foldSeries(
      window,
      "hour",
      [{ at: at("01T23:00"), outcome: "block", n: 3 }],
      [at("02T01:00")],
    );
    expect(folded.map(({ gap, total }) => [gap, total])).toEqual([
      [false, 0],
      [false, 3],
      [false, 0],
      [true, null],
    ]);
    expect(folded[3]?.counts).toBeNull();
  });

  it("a day with some hours of gap is no gap but says so", () => {
    const folded = foldSeries(
      window,
      "day",
      [{ at: at("01T00:00"), outcome: "allow", n: 5 }],
      [at("01T22:00"), at("02T00:00"), at("02T01:00")],
    );
    expect(
      folded.map(({ at: day, gap, gapHours, total }) => [day.getUTCDate(), gap, gapHours, total]),
    ).toEqual([
      [1, false, 1, 5],
      [2, true, 2, null],
    ]);
  });

  it("loses no decision, whatever the cells", () => {
    const cell = fc.record({
      at: fc.integer({ min: 0, max: 71 }).map((hour) => new Date(at("03T00:00").getTime() + hour * HOUR_MS)),
      outcome: fc.constantFrom(...OUTCOMES),
      n: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(cell), fc.constantFrom("hour" as const, "day" as const), (cells, bucket) => {
        const folded = foldSeries({ from: at("03T00:00"), to: at("06T00:00") }, bucket, cells, []);
        expect(folded).toHaveLength(bucket === "hour" ? 72 : 3);
        expect(folded.reduce((sum, { total }) => sum + (total ?? 0), 0)).toBe(
          cells.reduce((sum, { n }) => sum + n, 0),
        );
        for (const { counts, total } of folded) expect(counts && sumOutcomes(counts)).toBe(total);
      }),
    );
  });
});

describe("percentiles from buckets", () => {
  const bounds = [50, 100, 200];

  it("gives the bound of the bucket of the nearest rank", () => {
    expect(percentileFromBuckets([50, 45, 4, 1], bounds, 0.5)).toBe(50);
    expect(percentileFromBuckets([50, 45, 4, 1], bounds, 0.95)).toBe(100);
    expect(percentileFromBuckets([50, 45, 4, 1], bounds, 0.99)).toBe(200);
    expect(percentileFromBuckets([0, 0, 0, 0], bounds, 0.5)).toBeNull();
  });

  it("is never under the true percentile, up to the last bound", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, p) => {
          const counts = [0, 0, 0, 0];
          for (const value of values) {
            const place = bounds.findIndex((bound) => value <= bound);
            counts[place] = (counts[place] ?? 0) + 1;
          }
          const exact = values.toSorted((a, b) => a - b)[Math.ceil(values.length * p) - 1] ?? 0;
          const found = percentileFromBuckets(counts, bounds, p) ?? 0;
          expect(found).toBeGreaterThanOrEqual(exact);
          expect(bounds.filter((bound) => bound >= exact)[0]).toBe(found);
        },
      ),
    );
  });
});

describe("the instant of an id", () => {
  it("is the one it was made for", () => {
    const instant = new Date("2026-05-04T03:02:01.987Z");
    expect(uuidv7Time(decisionIdAt(instant))).toEqual(instant);
  });
});
