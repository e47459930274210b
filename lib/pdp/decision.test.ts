import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "@/lib/policy/canonical";
import { someFacts } from "@/lib/policy/testing";
import { textArray } from "./array-literal";
import { decisionRecord } from "./decision";
import { decisionIdAt, instantOf } from "./decision-id";
import { NO_EXCEPTION, tallyOf } from "./tally";
import { someDecision } from "./testing";

const exception = {
  daysLeft: 3,
  expiresAt: "2026-12-01T00:00:00.000Z",
  id: "e1",
  ref: "EXC-1",
  riskOwner: "Ann",
};

describe("the record of a decision", () => {
  it("is canonical JSON as it is written", () => {
    const text = fc.option(fc.string({ unit: "grapheme" }), { nil: null });
    fc.assert(
      fc.property(text, text, text, fc.boolean(), (sessionId, traceId, excerpt, late) => {
        const findings = [
          { control: "secrets", effect: "exempted", exception, level: "L1", mode: "enforce" },
        ];
        const record = decisionRecord(someDecision({ sessionId, traceId, excerpt, late, findings }));
        expect(record).toBe(canonicalJson(JSON.parse(record)));
      }),
    );
  });

  it("has an id that carries the instant", () => {
    const at = new Date("2025-11-01T01:02:03.456Z");
    expect(instantOf(decisionIdAt(at))).toEqual(at);
    expect(new Set(Array.from({ length: 10_000 }, () => decisionIdAt(at))).size).toBe(10_000);
  });
});

describe("what is counted of a batch", () => {
  it("adds up in every table", () => {
    const flagged = { useCaseId: "u", fact: "ab", outcome: "flag", wouldBe: "block" } as const;
    const decisions = [
      someDecision({ ...flagged, evaluatedUs: 16 }),
      someDecision({ ...flagged, evaluatedUs: 17, outcome: "allow", wouldBe: "allow" }),
      someDecision({
        ...flagged,
        evaluatedUs: 9_000_000,
        findings: [
          { control: "secrets", effect: "exempted", exception, level: "L1", mode: "enforce" },
          { control: "tool-not-approved", effect: "would_block", mode: "enforce" },
        ],
        facts: someFacts({ tool: "t", dataClass: "internal", model: "m" }),
      }),
    ];
    const tally = tallyOf(decisions);
    const hour = "2026-11-21T12:00:00.000Z";
    expect(tally.decisionHour.map(({ key, n }) => [...key, n])).toEqual([
      ["u", hour, "ab", 1, "allow", "allow", NO_EXCEPTION, 1],
      ["u", hour, "ab", 1, "flag", "block", NO_EXCEPTION, 1],
      ["u", hour, "ab", 1, "flag", "block", "e1", 1],
    ]);
    expect(tally.seriesHour.map(({ key, n }) => [...key, n])).toEqual([
      ["u", hour, "allow", "allow", 1],
      ["u", hour, "flag", "block", 2],
    ]);
    expect(tally.seriesHour[1]?.latency).toEqual([1, ...new Array(16).fill(0), 1]);
    expect(tally.controlHour.map(({ key }) => key.slice(2))).toEqual([
      ["secrets", "L1", "exempted"],
      ["tool-not-approved", "", "would_block"],
    ]);
    expect(tally.dimensionHour.map(({ key, n }) => [...key.slice(2), n])).toContainEqual([
      "workload",
      "gateway",
      "flag",
      "block",
      2,
    ]);
    expect(new Set(tally.dimensionHour.map(({ key }) => key[2]))).toEqual(
      new Set(["action", "workload", "data_class", "model", "tool"]),
    );
  });
});

describe("an array literal", () => {
  it("quotes what PostgreSQL would take for something else", () => {
    expect(textArray(["a", null, 'say "hi" \\ {x,y}', "", "NULL"])).toBe(
      '{"a",NULL,"say \\"hi\\" \\\\ {x,y}","","NULL"}',
    );
  });
});
