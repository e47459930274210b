import { expect, test } from "vitest";
import type { ImpactView } from "@/lib/telemetry/views";
import { effectSentence, overTime } from "./impact";

const hour = (at: number) => new Date(Date.UTC(2026, 0, 1, at)).toISOString();
const hours = (n: number) =>
  Array.from({ length: n }, (_, at) => ({ key: hour(at), stricter: 1, looser: 2 }));

test("two days are shown by hour, more by day, and nothing is lost on the way", () => {
  expect(overTime(hours(48))).toEqual({ unit: "hour", rows: hours(48) });
  expect(overTime(hours(50))).toEqual({
    unit: "day",
    rows: [
      { key: "2026-01-01", stricter: 24, looser: 48 },
      { key: "2026-01-02", stricter: 24, looser: 48 },
      { key: "2026-01-03", stricter: 2, looser: 4 },
    ],
  });
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
    "Of 1,290 decisions replayed, 80 would have been decided more strictly (60 blocked), 10 less strictly, and 1,200 the same.",
  );
  expect(effectSentence({ ...impact, stricter: 0, looser: 0, flips: [] })).toMatch(
    /none of them .* none less/,
  );
});

test("without traffic it claims nothing", () => {
  expect(effectSentence({ ...impact, decisions: 0, replayed: 0 })).toMatch(/^No traffic is recorded/);
});
