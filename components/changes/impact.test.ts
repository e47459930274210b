import { expect, test } from "vitest";
import type { ImpactView } from "@/lib/telemetry/views";
import { effectSentence, overTime } from "./impact";

const hour = (at: number) => new Date(Date.UTC(2026, 0, 1, at)).toISOString();
const hours = (...at: number[]) => at.map((n) => ({ key: hour(n), stricter: 1, looser: 2 }));

test("two days are shown by hour, with every hour of the window", () => {
  const { unit, rows } = overTime({ from: hour(0), to: hour(4), byHour: hours(1, 3) });
  expect(unit).toBe("hour");
  expect(rows.map((row) => [row.key, row.stricter])).toEqual([
    ["2026-01-01T00:00", 0],
    ["2026-01-01T01:00", 1],
    ["2026-01-01T02:00", 0],
    ["2026-01-01T03:00", 1],
  ]);
});

test("more is shown by day, with every day of the window and nothing lost", () => {
  const { unit, rows } = overTime({ from: hour(5), to: hour(75), byHour: hours(5, 6, 74) });
  expect(unit).toBe("day");
  expect(rows).toEqual([
    { key: "2026-01-01", stricter: 2, looser: 4 },
    { key: "2026-01-02", stricter: 0, looser: 0 },
    { key: "2026-01-03", stricter: 0, looser: 0 },
    { key: "2026-01-04", stricter: 1, looser: 2 },
  ]);
});

const impact: ImpactView = {
  schema: "sluice.impact/v1",
  useCase: "support-bot",
  from: hour(0),
  to: hour(5),
  beforeDigest: "sha256:a",
  afterDigest: "sha256:b",
  floorDigest: null,
  decisions: 1300,
  replayed: 1290,
  same: 1200,
  stricter: 80,
  looser: 10,
  flips: [
    { from: "flag", to: "block", stricter: true, n: 60 },
    { from: "allow", to: "flag", stricter: true, n: 20 },
    { from: "flag", to: "allow", stricter: false, n: 10 },
  ],
  byControl: [],
  byWorkload: [],
  byTool: [],
  byModel: [],
  byHour: [],
  examples: [],
  notReplayable: [{ reason: "no facts", n: 10 }],
};

test("says both ways what the change would have done", () => {
  expect(effectSentence(impact)).toBe(
    "Of 1,290 decisions replayed, 80 would have been decided more strictly (60 blocked), 10 less strictly, and 1,200 the same. 10 more could not be replayed.",
  );
  expect(effectSentence({ ...impact, stricter: 0, looser: 0, flips: [] })).toMatch(
    /none of them .* none less/,
  );
});

test("without traffic it claims nothing", () => {
  expect(effectSentence({ ...impact, decisions: 0, replayed: 0 })).toMatch(/^No traffic is recorded/);
});
