import { expect, test } from "vitest";
import { askedSentence, askedText, fateSentence, leftText } from "./words";

test("what is asked stands in one sentence", () => {
  const workload = { id: "", slug: "payer", name: "Payer" };
  const asked = {
    action: "tool_call",
    tool: "send_money",
    destination: "bank.example",
    dataClass: "restricted",
  };
  expect(askedSentence({ workload, asked })).toBe(
    "Payer asks to call send_money at bank.example, with restricted data.",
  );
  expect(askedText({ action: "outbound", destination: "bank.example" })).toBe("send to bank.example");
  expect(askedText({ action: "prompt" })).toBe("send a prompt");
  expect(askedText({})).toBe("make a request");
});

test("time left is never more than there is, and none at its end", () => {
  const expiresAt = "2026-11-21T12:15:00.000Z";
  const left = (ms: number) => leftText(expiresAt, Date.parse(expiresAt) - ms);
  expect([left(900_000), left(179_999), left(120_000), left(1), left(0), left(-5)]).toEqual([
    "15 min",
    "2 min",
    "120 s",
    "1 s",
    "none",
    "none",
  ]);
});

test("a grant that was not used in time is told from a request that nobody decided", () => {
  expect(fateSentence({ status: "expired", decidedBy: null })).toContain("Nobody decided");
  expect(fateSentence({ status: "expired", decidedBy: { id: "", name: "Lea" } })).toContain(
    "Lea granted it, but",
  );
});
