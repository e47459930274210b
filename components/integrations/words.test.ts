import { expect, it } from "vitest";
import type { CanaryAnswer, CanaryDecision } from "@/lib/integrations/views";
import { answerText, metSince, metText, trialText } from "./words";

const blocked: CanaryAnswer = { verdict: "blocked", asCanary: true, decisionId: "d-1", problem: null };
const passed: CanaryAnswer = { ...blocked, verdict: "passed", asCanary: false };
const away: CanaryAnswer = {
  ...passed,
  verdict: "unanswered",
  decisionId: null,
  problem: "Nothing answered.",
};

it("only a canary that is blocked as one, beside a text that is not, is a proof", () => {
  expect(trialText({ canary: blocked, ordinary: passed })).toMatchObject({ proven: true });
  const other = { ...blocked, asCanary: false };
  expect(trialText({ canary: blocked, ordinary: other })).toEqual({
    proven: true,
    text: expect.stringContaining("An ordinary text does not get through"),
  });
  for (const [canary, ordinary] of [
    [blocked, blocked],
    [other, other],
    [passed, passed],
    [away, passed],
  ] as const) {
    expect(trialText({ canary, ordinary }).proven).toBe(false);
  }
});

it("each answer says what it means for the text that was sent", () => {
  expect(answerText("canary", passed)).toContain("Does this credential serve the chosen use case?");
  expect(answerText("ordinary", passed)).toBe("Not blocked, as it should be.");
  expect(answerText("ordinary", { ...blocked, asCanary: false })).toContain("for another reason");
  expect(answerText("canary", away)).toBe("Did not answer. Nothing answered.");
});

it("what was met before the canary was made is not taken for it", () => {
  const met = (decidedAt: string): CanaryDecision => ({
    id: decidedAt,
    decidedAt,
    kind: "decision",
    outcome: "block",
    workload: null,
    fromConsole: false,
  });
  const [before, after] = [met("2026-03-02T09:00:00.000Z"), met("2026-03-02T09:00:02.000Z")];
  expect(metSince([after, before], "2026-03-02T09:00:01.000Z")).toEqual([after]);
  expect(metSince([after, before], null)).toEqual([after, before]);
  expect(metText(after)).toBe("Blocked");
  expect(metText({ kind: "observation", outcome: "block" })).toContain("too late");
});
