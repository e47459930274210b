import { describe, expect, it } from "vitest";
import { agoText, countText, durationText, plural, shareText } from "./words";

describe("figures in words", () => {
  it("do not claim a count that was stopped", () => {
    expect(countText({ n: 4123, exact: true })).toBe("4,123");
    expect(countText({ n: 10_000, exact: false })).toBe("more than 10,000");
  });

  it.each([
    [0, 0, "–"],
    [0, 10, "0 %"],
    [1, 100_000, "under 0.1 %"],
    [31, 1000, "3.1 %"],
    [500, 1000, "50 %"],
  ])("say that %d of %d is %s", (part, whole, text) => expect(shareText(part, whole)).toBe(text));

  it.each([
    [512, "512 µs"],
    [2048, "2.05 ms"],
    [1_048_576, "1.05 s"],
  ])("say %d µs as %s", (us, text) => expect(durationText(us)).toBe(text));

  it("say one and many", () => {
    expect([plural(1, "decision"), plural(1200, "decision")]).toEqual(["1 decision", "1,200 decisions"]);
  });

  it.each([
    ["2026-11-21T10:30:05.000Z", "just now"],
    ["2026-11-21T10:29:00.000Z", "1 minute ago"],
    ["2026-11-20T09:30:00.000Z", "25 hours ago"],
    ["2026-11-18T09:30:00.000Z", "3 days ago"],
  ])("say how long ago %s was", (at, text) =>
    expect(agoText(at, new Date("2026-11-21T10:30:00.000Z"))).toBe(text),
  );
});
