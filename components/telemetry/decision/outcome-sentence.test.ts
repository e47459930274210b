import { describe, expect, it } from "vitest";
import type { FindingView } from "@/lib/telemetry/views";
import { outcomeSentence } from "./outcome-sentence";

const spared: FindingView = {
  control: "secrets",
  mode: "enforce",
  effect: "exempted",
  level: "L1",
  exception: {
    id: "0190a1b2-0000-7000-8000-000000000001",
    ref: "EXC-31",
    riskOwner: "Rosa Keller",
    expiresAt: "2026-12-01T00:00:00.000Z",
    daysLeft: 10,
  },
};

describe("the sentence of an outcome", () => {
  it("is short when nothing fired", () => {
    expect(outcomeSentence({ kind: "decision", outcome: "allow", wouldBe: "allow", findings: [] })).toBe(
      "The request passed; no control fired.",
    );
  });

  it("says what would be, where that is another", () => {
    const sentence = outcomeSentence({ kind: "decision", outcome: "flag", wouldBe: "block", findings: [] });
    expect(sentence).toMatch(/flagged\. Were the policy enforcing, it would be blocked\.$/);
  });

  it("says of a canary that it was one", () => {
    const canary = { control: "canary", mode: "enforce", effect: "blocked" } as const;
    const judged = { kind: "decision", outcome: "block", wouldBe: "block", findings: [canary] } as const;
    expect(outcomeSentence({ ...judged, findings: [canary] })).toMatch(/blocked\. It was a canary/);
  });

  it("names the exception that spared a finding", () => {
    const sentence = outcomeSentence({
      kind: "decision",
      outcome: "flag",
      wouldBe: "flag",
      findings: [spared],
    });
    expect(sentence).toMatch(/1 finding \(.+\) spared by EXC-31\.$/);
  });
});
