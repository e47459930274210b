import { describe, expect, it } from "vitest";
import { estimateFalsePositives } from "@/lib/rulings/rules";
import type { ControlProgress } from "@/lib/rulings/views";
import { estimateText, findingText, progressNotes, progressText, samplingSentence } from "./words";

const estimate = (right: number, wrong: number, unsure = 0, fired = 1000) =>
  estimateFalsePositives([{ fired, sampled: { true_positive: right, false_positive: wrong, unsure } }]);

const progress = (different: Partial<ControlProgress> = {}): ControlProgress => ({
  control: "pii/email",
  fired: 1000,
  asked: 50,
  ruled: 41,
  passedOver: 0,
  gone: 0,
  strata: [],
  estimate: estimate(41, 0),
  besides: { true_positive: 0, false_positive: 0, unsure: 0 },
  openAppeals: 0,
  ...different,
});

describe("what an estimate says", () => {
  it.each([
    [estimate(0, 0), "not known"],
    [estimate(50, 0), "0 % (0–7.1 %)"],
    [estimate(40, 10), "20 % (11–33 %)"],
    [estimate(0, 0, 50), "0–100 %"],
  ])("is the rate with its interval", (given, text) => {
    expect(estimateText(given)).toBe(text);
  });
});

it("says how far a control is, and only what there is to say besides", () => {
  expect(progressText(progress())).toBe("41 of 50");
  expect(progressNotes(progress())).toEqual([]);
  const more = progress({
    passedOver: 3,
    gone: 1,
    estimate: estimate(30, 5, 6),
    besides: { true_positive: 0, false_positive: 1, unsure: 0 },
  });
  expect(progressNotes(more)).toEqual([
    "3 passed over.",
    "1 no longer kept.",
    "6 unsure.",
    "1 ruling besides, on appeal or picked.",
  ]);
  const half = estimateFalsePositives([
    { fired: 900, sampled: { true_positive: 40, false_positive: 0, unsure: 0 } },
    { fired: 100, sampled: { true_positive: 0, false_positive: 0, unsure: 0 } },
  ]);
  expect(progressNotes(progress({ estimate: half }))).toEqual([
    "Levels with 10 % of the findings have no ruling yet.",
  ]);
});

it("names a finding, and how the sample is drawn", () => {
  expect(findingText({ control: "prompt-attack", level: "L2", effect: "would_block" })).toBe(
    "Prompt attack at L2, would block",
  );
  expect(findingText({ control: "model-not-approved", level: null, effect: "blocked" })).toBe(
    "Model not approved, blocked",
  );
  expect(samplingSentence(30)).toContain("30 of each control");
});
