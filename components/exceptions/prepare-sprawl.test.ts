import { describe, expect, it } from "vitest";
import type { SprawlView } from "@/lib/exceptions/views";
import { prepareSprawl } from "./prepare-sprawl";

const view: SprawlView = {
  ages: ["under 7 days", "7 to 29 days"],
  points: [
    { day: "2026-03-01", total: 1, byAge: { "under 7 days": 1 }, byTier: { high: 1 } },
    {
      day: "2026-03-02",
      total: 4,
      byAge: { "under 7 days": 3, "7 to 29 days": 1 },
      byTier: { low: 3, high: 1 },
    },
    { day: "2026-03-03", total: 0, byAge: {}, byTier: {} },
  ],
};

describe("the chart of exceptions over time", () => {
  it("stacks the youngest below, and every bar is as high as its count", () => {
    const { bars, looks, max } = prepareSprawl(view, "age");
    expect(looks.map(({ label }) => label)).toEqual(["under 7 days", "7 to 29 days"]);
    expect(max).toBe(4);
    expect(bars[1]?.parts.map(({ look, from, to }) => [look.label, from, to])).toEqual([
      ["under 7 days", 0, 0.75],
      ["7 to 29 days", 0.75, 1],
    ]);
    for (const { total, parts } of bars) expect(parts.at(-1)?.to ?? 0).toBe(total / max);
  });

  it("stacks by tier in the order of tiers", () => {
    const { looks, bars } = prepareSprawl(view, "tier");
    expect(looks.map(({ label }) => label)).toEqual([
      "tier low",
      "tier moderate",
      "tier high",
      "tier critical",
    ]);
    expect(bars[1]?.parts.map(({ look }) => look.label)).toEqual(["tier low", "tier high"]);
    expect(new Set(looks.map(({ pattern }) => pattern)).size).toBe(4);
  });

  it("says in one sentence where it went", () => {
    expect(prepareSprawl(view, "age").summary).toBe(
      "0 in force now, 1 fewer than at the beginning; 4 at most. Counted at the end of each day (UTC).",
    );
  });
});
