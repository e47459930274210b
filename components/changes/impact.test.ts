import { expect, test } from "vitest";
import type { ImpactView } from "@/lib/telemetry/views";
import { despiteSentence, effectSentence, flipsText, lapseSentence, overTime } from "./impact";

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
  const known = { gap: false, gapHours: 0 };
  expect(rows).toEqual([
    { key: "2026-01-01", stricter: 2, looser: 4, hours: 19, ...known },
    { key: "2026-01-02", stricter: 0, looser: 0, hours: 24, ...known },
    { key: "2026-01-03", stricter: 0, looser: 0, hours: 24, ...known },
    { key: "2026-01-04", stricter: 1, looser: 2, hours: 3, ...known },
  ]);
});

test("what has no telemetry is a gap, not a zero; what lacks some hours says so", () => {
  const gaps = [{ from: hour(22), to: hour(50) }];
  const { rows } = overTime({ from: hour(5), to: hour(75), byHour: hours(5, 50, 51), gaps });
  expect(rows.map((row) => [row.key, row.gap, flipsText(row)])).toEqual([
    ["2026-01-01", false, "1 stricter, 2 looser (2 of 19 hours without telemetry)"],
    ["2026-01-02", true, "no telemetry"],
    ["2026-01-03", false, "2 stricter, 4 looser (2 of 24 hours without telemetry)"],
    ["2026-01-04", false, "0 stricter, 0 looser"],
  ]);
  const byHour = overTime({ from: hour(5), to: hour(75), byHour: hours(5), gaps }, "hour").rows;
  expect(byHour).toHaveLength(70);
  expect(byHour.filter(({ gap }) => gap)).toHaveLength(28);
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

test("says what is newly blocked of what exceptions cover, at once and later", () => {
  const exception = { id: "1", ref: "EXC-31" };
  const newBlocks = {
    despite: { n: 2, byException: [{ ...exception, n: 2, controls: ["prompt-attack"] }] },
    onLapse: { at: hour(5), n: 212, byException: [{ ...exception, until: hour(90), n: 212 }], unknown: 0 },
  };
  expect(despiteSentence(newBlocks)).toMatch(/^2 requests that an exception spared, .* does not cover\.$/);
  expect(lapseSentence(newBlocks)).toBe(
    "212 requests would be blocked by the proposal once the exception in force lapses.",
  );
  expect(effectSentence({ ...impact, newBlocks })).toContain(
    "(60 blocked, 2 of which an exception had spared)",
  );
  const none = { despite: { n: 0, byException: [] }, onLapse: { ...newBlocks.onLapse, n: 0, unknown: 3 } };
  expect(despiteSentence(none)).toMatch(/^No request /);
  expect(lapseSentence(none)).toMatch(/^None of the requests .* Of 3 requests more it cannot be known\.$/);
  expect(lapseSentence({ ...none, onLapse: { ...none.onLapse, byException: [] } })).toMatch(/^No exception/);
});
