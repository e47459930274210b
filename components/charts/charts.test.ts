import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EFFECTS } from "@/lib/policy/evaluate";
import { OUTCOMES } from "@/lib/policy/vocabulary";
import type { ControlSensitivity, LevelEvidence } from "@/lib/readiness/views";
import type { BreakdownView, LatencyView, SeriesView } from "@/lib/telemetry/views";
import { byStrictness, lookOf } from "./looks";
import { prepareBreakdown } from "./prepare-breakdown";
import { prepareLatency } from "./prepare-latency";
import { prepareLevels } from "./prepare-levels";
import { MAX_TICKS, prepareSeries } from "./prepare-series";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 3, 6, 22);
const none = { allow: 0, flag: 0, redact: 0, require_approval: 0, block: 0 };

/** A series whose buckets hold so many blocks, null for a gap. */
function seriesOf(blocks: (number | null)[], bucket: "hour" | "day" = "hour"): SeriesView {
  const size = bucket === "hour" ? HOUR : 24 * HOUR;
  const start = Math.floor(START / size) * size;
  const total = blocks.reduce<number>((sum, n) => sum + (n ?? 0), 0);
  const gapHours = blocks.filter((n) => n === null).length * (size / HOUR);
  return {
    from: new Date(start).toISOString(),
    to: new Date(start + blocks.length * size).toISOString(),
    bucket,
    by: "outcome",
    useCase: null,
    buckets: blocks.map((n, index) => ({
      at: new Date(start + index * size).toISOString(),
      gap: n === null,
      gapHours: n === null ? size / HOUR : 0,
      counts: n === null ? null : { ...none, block: n },
      total: n,
    })),
    totals: { ...none, block: total },
    total,
    gapHours,
    hours: (blocks.length * size) / HOUR,
  };
}

function evidence(
  level: LevelEvidence["level"],
  fired: number,
  rulings?: LevelEvidence["rulings"],
): LevelEvidence {
  const known = rulings ?? { true_positive: 0, false_positive: 0, unsure: 0 };
  const unruled = fired - known.true_positive - known.false_positive - known.unsure;
  return { level, fired, rulings: known, unruled, falsePositives: null, exempted: 0 };
}

function sensitivity(levels: LevelEvidence[]): ControlSensitivity {
  return { control: "prompt-attack", mode: "log", sensitivity: "L2", of: 2_000, levels };
}

describe("a series", () => {
  it("draws nothing where nothing is known, and nought where it is known that nothing was", () => {
    const { points, gaps, max, summary } = prepareSeries(seriesOf([3, null, null, 0, null]));
    expect(points.map((point) => point.block)).toEqual([3, undefined, undefined, 0, undefined]);
    expect(gaps.map(({ buckets }) => buckets)).toEqual([2, 1]);
    expect(gaps[0]).toMatchObject({ from: points[1]?.at, to: points[2]?.at });
    expect(max).toBe(3);
    expect(summary).toBe("3 decisions by outcome: 3 block. 3 of 5 hours have no telemetry.");
  });

  it("names hours in the reader's zone and days in UTC, as they are counted", () => {
    const [hour] = prepareSeries(seriesOf([1]), "Asia/Tokyo").points;
    expect([hour?.label, hour?.tick]).toEqual(["7 April 2026, 07:00–08:00", "07:00"]);
    const midnight = prepareSeries(seriesOf([1, 1, 1]), "UTC").points[2];
    expect([midnight?.label, midnight?.tick]).toEqual(["7 April 2026, 00:00–01:00", "7 Apr"]);
    const [day] = prepareSeries(seriesOf([1], "day"), "Asia/Tokyo").points;
    expect([day?.label, day?.tick]).toEqual(["6 April 2026 (UTC)", "6 Apr"]);
  });

  it("names days, not hours, on the axis of many hours", () => {
    const { points, ticks } = prepareSeries(seriesOf(Array.from({ length: 72 }, () => 1)));
    const named = points.filter(({ at }) => ticks.includes(at)).map(({ tick }) => tick);
    expect(named).toEqual(["7 Apr", "8 Apr", "9 Apr"]);
  });

  it("keeps every bucket in its place, with few ticks, whatever comes", () => {
    const blocks = fc.array(fc.option(fc.nat(1000), { nil: null }), { maxLength: 800 });
    fc.assert(
      fc.property(blocks, (counts) => {
        const { points, gaps, ticks, looks } = prepareSeries(seriesOf(counts));
        expect(points.map(({ total }) => total)).toEqual(counts);
        expect(ticks.length).toBeLessThanOrEqual(MAX_TICKS);
        expect(gaps.reduce((sum, { buckets }) => sum + buckets, 0)).toBe(
          counts.filter((n) => n === null).length,
        );
        expect(looks.map(({ key }) => key)).toEqual(counts.some((n) => n) ? ["block"] : []);
      }),
    );
  });
});

describe("a breakdown", () => {
  const view: BreakdownView = {
    dimension: "control",
    from: "",
    to: "",
    useCase: null,
    partsBy: "effect",
    rows: [
      { key: "secrets", total: 8, parts: { would_block: 5, exempted: 3, logged: 0 } },
      { key: "pii/email", total: 4, parts: { logged: 4 } },
    ],
    of: 37,
    total: 60,
  };

  it("measures bars against the longest and says how many there are", () => {
    const { rows, looks, shown } = prepareBreakdown(view);
    expect(rows.map(({ length }) => length)).toEqual([100, 50]);
    expect(rows[0]?.parts.map(({ look, length }) => [look.key, length])).toEqual([
      ["exempted", 37.5],
      ["would_block", 62.5],
    ]);
    expect(rows[0]?.text).toBe("5 would block, 3 exempted");
    expect(looks.map(({ key }) => key)).toEqual(["exempted", "logged", "would_block"]);
    expect(shown).toBe("The largest 2 of 37.");
    expect(prepareBreakdown({ ...view, of: 2 }).shown).toBe("All 2.");
  });
});

describe("levels of a control", () => {
  it("say what each would have fired on and which is set", () => {
    const levels = prepareLevels(
      sensitivity([
        evidence("L1", 0),
        evidence("L2", 1),
        evidence("L3", 1),
        evidence("L4", 40, { true_positive: 20, false_positive: 10, unsure: 0 }),
      ]),
    );
    expect(levels.map(({ length, isSet }) => [length, isSet])).toEqual([
      [0, false],
      [2.5, true],
      [2.5, false],
      [100, false],
    ]);
    expect(levels.map(({ text }) => text)).toEqual([
      "L1: 0 of 2,000 decisions (0.0 %)",
      "L2: 1 of 2,000 decisions (under 0.1 %), 1 more than L1",
      "L3: 1 of 2,000 decisions (under 0.1 %)",
      "L4: 40 of 2,000 decisions (2.0 %), 39 more than L3; 20 true, 10 false, 10 not ruled",
    ]);
    expect(levels.map(({ parts }) => parts)).toEqual([
      [],
      [{ ruled: "unruled", n: 1, length: 2.5 }],
      [{ ruled: "unruled", n: 1, length: 2.5 }],
      [
        { ruled: "false_positive", n: 10, length: 25 },
        { ruled: "true_positive", n: 20, length: 50 },
        { ruled: "unruled", n: 10, length: 25 },
      ],
    ]);
  });

  it("have no share where nothing was seen, and none set where the control is off", () => {
    const levels = prepareLevels({
      ...sensitivity((["L1", "L2", "L3", "L4"] as const).map((level) => evidence(level, 0))),
      mode: "off",
      of: 0,
    });
    expect(levels.map(({ share, isSet, length }) => [share, isSet, length])).toEqual(
      Array.from({ length: 4 }, () => [null, false, 0]),
    );
  });
});

describe("latency", () => {
  const view = (counts: number[], p95Us: number | null): LatencyView => ({
    from: "",
    to: "",
    useCase: null,
    n: counts.reduce((sum, n) => sum + n, 0),
    p50Us: 64,
    p95Us,
    p99Us: 2048,
    buckets: counts.map((n, index) => ({ upToUs: [32, 64, 128, 2048][index] ?? null, n })),
  });

  it("shows the buckets between the first and the last that hold anything, with the percentiles in theirs", () => {
    const { bars, summary } = prepareLatency(view([0, 60, 0, 40, 0], 2048));
    expect(bars.map(({ label, n, holds }) => [label, n, holds.join(" ")])).toEqual([
      ["≤ 64 µs", 60, "p50"],
      ["≤ 128 µs", 0, ""],
      ["≤ 2.05 ms", 40, "p95 p99"],
    ]);
    expect(summary).toBe("100 decisions; p50 ≤ 64 µs, p95 ≤ 2.05 ms, p99 ≤ 2.05 ms.");
    expect(prepareLatency(view([0, 0, 0, 0, 0], null))).toMatchObject({
      bars: [],
      summary: "No decision in this time.",
    });
  });
});

/** Contrast of two sRGB colours (WCAG 2.2, relative luminance). */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r = 0, g = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe("colours", () => {
  const css = readFileSync(join(process.cwd(), "app/global.css"), "utf8");
  const [light = "", dark = ""] = css.split(/(?=\[data-mantine-color-scheme="dark"\])/);
  const parts = [...OUTCOMES, ...EFFECTS, "gap"];

  it.each([
    ["light", light, "#ffffff"],
    ["dark", dark, "#242424"],
  ])(
    "stand out from a %s page by 3:1 at least, each by a custom property that there is",
    (_, sheet, page) => {
      for (const part of parts) {
        const name = /^var\((--[\w-]+)\)$/.exec(lookOf(part).colour)?.[1];
        const value = new RegExp(`${name}: (#[0-9a-f]{6})`).exec(sheet)?.[1] ?? "";
        expect([part, value, contrast(value, page) >= 3]).toEqual([part, value, true]);
      }
    },
  );

  it("never tell two outcomes apart alone: every outcome has a pattern of its own", () => {
    expect(new Set(OUTCOMES.map((outcome) => lookOf(outcome).pattern)).size).toBe(OUTCOMES.length);
  });

  it("mean the same for an effect as for the outcome that it has or would have", () => {
    expect(lookOf("would_block")).toEqual({ ...lookOf("block"), key: "would_block", label: "would block" });
    expect([...OUTCOMES].sort(byStrictness)).toEqual([...OUTCOMES]);
  });
});
