import { expect, test } from "vitest";
import { beforeText, timesText, waitText } from "./process-words";

test.each([
  [0, "0 s"],
  [59, "59 s"],
  [90, "2 min"],
  [3_600, "1 h"],
  [12_000, "3 h 20 min"],
  [172_700, "47 h 58 min"],
  [172_800, "2.0 days"],
  [216_000, "2.5 days"],
])("%i seconds are %s", (seconds, text) => {
  expect(waitText(seconds)).toBe(text);
});

test("nothing decided is said as such, never as a nought", () => {
  const nothing = { n: 0, medianSeconds: null, p90Seconds: null };
  expect(timesText(nothing)).toBe("no decisions yet");
  expect(beforeText(nothing)).toBe("none in the 30 days before");
  expect(timesText({ n: 1, medianSeconds: 90, p90Seconds: 90 })).toBe("2 min (of 1)");
  expect(timesText({ n: 14, medianSeconds: 3_600, p90Seconds: 216_000 })).toBe(
    "median 1 h, nine in ten within 2.5 days (of 14)",
  );
});
