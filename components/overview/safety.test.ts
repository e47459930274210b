import { describe, expect, it } from "vitest";
import type { OutcomeCounts, OverviewView, SeriesView } from "@/lib/telemetry/views";
import { safetySentence } from "./safety";

const none: OutcomeCounts = { allow: 0, flag: 0, redact: 0, require_approval: 0, block: 0 };
const series = (totals: OutcomeCounts, total: number): SeriesView => ({
  from: "2026-10-22T00:00:00.000Z",
  to: "2026-11-21T00:00:00.000Z",
  bucket: "day",
  by: "outcome",
  useCase: null,
  buckets: [],
  totals,
  total,
  gapHours: 0,
  hours: 720,
});
const earlier = (total: number, block: number, wouldBlock: number): OverviewView["previous"] => ({
  from: "2026-09-22T00:00:00.000Z",
  to: "2026-10-22T00:00:00.000Z",
  totals: { ...none, block },
  total,
  wouldBlock,
});

describe("the sentence of safety", () => {
  it("compares with the time before", () => {
    const now = { series: series({ ...none, allow: 1990, block: 10 }, 2000), wouldBlock: 50 };
    expect(safetySentence({ ...now, previous: earlier(1000, 0, 100) })).toBe(
      "2,000 decisions in the last 30 days: 10 blocked, 50 would have been (2.5 %). " +
        "In the 30 days before: 1,000 decisions, 0 blocked, 100 would have been (10 %).",
    );
  });

  it("compares with nothing where nothing is known", () => {
    const now = { series: series({ ...none, allow: 1 }, 1), wouldBlock: 0 };
    expect(safetySentence({ ...now, previous: earlier(0, 0, 0) })).toMatch(/nothing to compare with\.$/);
  });

  it("makes no rate of nothing", () => {
    expect(safetySentence({ series: series(none, 0), wouldBlock: 0, previous: earlier(5, 0, 0) })).toBe(
      "No decision was recorded in the last 30 days.",
    );
  });
});
