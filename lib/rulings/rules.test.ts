import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { APPEAL_ACTIONS, APPEAL_STATUSES, APPEAL_TRANSITIONS, expectationOf, mayMove } from "./lifecycle";
import {
  allocate,
  estimateFalsePositives,
  RULING_WINDOW_DAYS,
  rulingsWanted,
  rulingWindow,
  type Stratum,
  wilson,
} from "./rules";

const round = (n: number, places = 4) => Number(n.toFixed(places));

describe("Wilson's interval", () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d out of %d is what Newcombe published", (hits, n, low, high) => {
    const interval = wilson(hits, n);
    expect([round(interval.low), round(interval.high)]).toEqual([low, high]);
  });

  it("says nothing without trials, and is exact at its ends", () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilson(0, 50).low).toBe(0);
    expect(wilson(50, 50).high).toBe(1);
  });

  const trials = fc
    .integer({ min: 1, max: 5000 })
    .chain((n) => fc.record({ n: fc.constant(n), hits: fc.integer({ min: 0, max: n }) }));
  it("contains the rate, stays within 0 and 1, and mirrors", () => {
    fc.assert(
      fc.property(trials, ({ n, hits }) => {
        const { low, high } = wilson(hits, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / n);
        expect(high).toBeGreaterThanOrEqual(hits / n);
        const other = wilson(n - hits, n);
        expect(other.low).toBeCloseTo(1 - high, 10);
        expect(other.high).toBeCloseTo(1 - low, 10);
      }),
      { numRuns: 2000 },
    );
  });

  it("narrows as the same rate is seen more often, and rises with every hit", () => {
    fc.assert(
      fc.property(trials, fc.integer({ min: 2, max: 20 }), ({ n, hits }, times) => {
        const [once, often] = [wilson(hits, n), wilson(hits * times, n * times)];
        expect(often.high - often.low).toBeLessThan(once.high - once.low);
        if (hits === n) return;
        const more = wilson(hits + 1, n);
        expect(more.low).toBeGreaterThan(once.low);
        expect(more.high).toBeGreaterThan(once.high);
      }),
      { numRuns: 2000 },
    );
  });
});

const stratum = (fired: number, right: number, wrong: number, unsure = 0): Stratum => ({
  fired,
  sampled: { true_positive: right, false_positive: wrong, unsure },
});

describe("the false-positive rate over strata", () => {
  it("is Wilson's own with one stratum", () => {
    const { low, high, rate, covered } = estimateFalsePositives([stratum(900, 67, 15)]);
    const { low: expectedLow, high: expectedHigh } = wilson(15, 82);
    expect({ low: round(low, 10), high: round(high, 10) }).toEqual({
      low: round(expectedLow, 10),
      high: round(expectedHigh, 10),
    });
    expect([rate, covered]).toEqual([15 / 82, 1]);
  });

  it("weighs each stratum as much as it fired, however much of it was ruled", () => {
    // 900 at 10 %, 100 at 50 %: 0.9 · 0.1 + 0.1 · 0.5 = 0.14, though 30 of 100 rulings were wrong.
    const { rate, rulings, low, high } = estimateFalsePositives([stratum(900, 45, 5), stratum(100, 25, 25)]);
    expect(rate).toBeCloseTo(0.14, 10);
    expect(rulings).toBe(100);
    // Kish: 1 / (0.9² / 50 + 0.1² / 50) = 60.98 rulings' worth.
    const worth = 1 / (0.81 / 50 + 0.01 / 50);
    expect({ low, high }).toEqual(wilson(0.14 * worth, worth));
  });

  it("takes what is unsure as right for the lower bound and as wrong for the upper, and for no rate", () => {
    const { rate, low, high, unsure } = estimateFalsePositives([stratum(500, 30, 5, 15)]);
    expect([rate, unsure]).toEqual([5 / 35, 15]);
    expect([low, high]).toEqual([wilson(5, 50).low, wilson(20, 50).high]);
  });

  it("knows nothing of a stratum that nobody ruled on", () => {
    const { low, high, covered } = estimateFalsePositives([stratum(750, 50, 0), stratum(250, 0, 0)]);
    expect(covered).toBe(0.75);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(wilson(0, 50).high * 0.75 + 0.25, 10);
    expect(estimateFalsePositives([])).toMatchObject({ rate: null, low: 0, high: 1, covered: 0, fired: 0 });
  });

  const strata = fc.array(
    fc
      .record({ right: fc.nat(80), wrong: fc.nat(80), unsure: fc.nat(20), more: fc.nat(10_000) })
      .map(({ right, wrong, unsure, more }) => stratum(right + wrong + unsure + more, right, wrong, unsure)),
    { minLength: 1, maxLength: 5 },
  );
  it("lies in its interval, which is no narrower than if all rulings were of one stratum", () => {
    fc.assert(
      fc.property(strata, (given) => {
        const { rate, low, high, rulings, unsure } = estimateFalsePositives(given);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(low).toBeLessThanOrEqual(high);
        if (rate === null || unsure > 0) return;
        expect(rate).toBeGreaterThanOrEqual(low - 1e-12);
        expect(rate).toBeLessThanOrEqual(high + 1e-12);
        const pooled = wilson(rate * rulings, rulings);
        expect(high - low).toBeGreaterThanOrEqual(pooled.high - pooled.low - 1e-9);
      }),
      { numRuns: 2000 },
    );
  });

  it("covers the true rate in about 95 of 100 samples, however unlike the strata are", () => {
    const truth = [
      { fired: 9000, rate: 0.04, n: 30 },
      { fired: 900, rate: 0.3, n: 12 },
      { fired: 100, rate: 0.7, n: 8 },
    ];
    const rate = truth.reduce((sum, each) => sum + each.fired * each.rate, 0) / 10_000;
    let covered = 0;
    for (let run = 0; run < 2000; run++) {
      const given = truth.map((each, at) => {
        const wrong = Array.from({ length: each.n }, (_, i) => uniform(`${run} ${at} ${i}`) < each.rate);
        const hits = wrong.filter(Boolean).length;
        return stratum(each.fired, each.n - hits, hits);
      });
      const { low, high } = estimateFalsePositives(given);
      if (low <= rate && rate <= high) covered += 1;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
  });
});

/** From 0 to 1, the same on every run. */
function uniform(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

describe("how many findings of each level are drawn", () => {
  it.each([
    [[1000], 50, [50]],
    [[3], 50, [3]],
    [[900, 100], 50, [41, 9]],
    [[10_000, 10, 2, 0], 50, [43, 5, 2, 0]],
    [[2, 2, 2], 50, [2, 2, 2]],
    [[], 50, []],
  ])("of %j for %d is %j", (sizes, target, expected) => {
    expect(allocate(sizes, target)).toEqual(expected);
  });

  it("is the target or all there are, never more than there are, and some of each", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5000), { maxLength: 5 }),
        fc.integer({ min: 5, max: 400 }),
        (sizes, target) => {
          const given = allocate(sizes, target);
          const of = sizes.reduce((sum, n) => sum + n, 0);
          expect(given.reduce((sum, n) => sum + n, 0)).toBe(Math.min(target, of));
          for (const [at, n] of given.entries()) {
            expect(n).toBeLessThanOrEqual(sizes[at] ?? 0);
            if ((sizes[at] ?? 0) > 0) expect(n).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("an appeal", () => {
  it("moves only while it is open, and each move ends it", () => {
    for (const status of APPEAL_STATUSES) {
      for (const action of APPEAL_ACTIONS) {
        expect(mayMove(status, action), `${action} of ${status}`).toBe(status === "open");
        expect(APPEAL_TRANSITIONS[action].to).not.toBe("open");
      }
    }
  });
});

it("expects of the control what was ruled, and nothing of an unsure ruling", () => {
  expect(
    ["true_positive", "false_positive", "unsure"].map((answer) => expectationOf(answer as never)),
  ).toEqual(["fires", "does_not_fire", null]);
});

it("has a window of whole hours that holds the present", () => {
  const { from, to } = rulingWindow(new Date("2026-03-02T09:17:03Z"));
  expect(to.toISOString()).toBe("2026-03-02T10:00:00.000Z");
  expect((to.getTime() - from.getTime()) / 86_400_000).toBe(RULING_WINDOW_DAYS);
  expect(rulingWindow(new Date("2026-03-02T09:00:00Z")).to.toISOString()).toBe("2026-03-02T10:00:00.000Z");
});

describe("rulingsWanted", () => {
  it("is what is asked for, or as many as bring one false ruling within the limit", () => {
    expect(rulingsWanted({ rulings: 10, falsePositiveRate: 0.2 })).toBe(25);
    expect(rulingsWanted({ rulings: 30, falsePositiveRate: 0.1 })).toBe(53);
    expect(rulingsWanted({ rulings: 100, falsePositiveRate: 0.05 })).toBe(110);
    expect(rulingsWanted({ rulings: 50, falsePositiveRate: 1 })).toBe(50);
    expect(rulingsWanted({ rulings: 0, falsePositiveRate: 0 })).toBe(1_000);
    expect(rulingsWanted({ rulings: 5_000, falsePositiveRate: 0 })).toBe(5_000);
  });
});
