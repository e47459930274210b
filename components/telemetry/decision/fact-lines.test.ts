import { describe, expect, it } from "vitest";
import type { Facts } from "@/lib/policy/facts";
import { factLines } from "./fact-lines";

const facts: Facts = {
  action: "tool_call",
  attributed: false,
  cohort: 25,
  credential: { ageBucket: 720, kind: "static" },
  environment: "production",
  links: { "files.example.net": 2 },
  promptCharsBucket: 2048,
  signals: { "pii/credit-card": 2 },
  tool: "send_money",
  useCase: "support-bot",
  workload: "support-gateway",
};

describe("facts in words", () => {
  it("says what is known, in order, and nothing of what is not", () => {
    expect(factLines(facts).map(({ name, value }) => `${name}: ${value}`)).toEqual([
      "Action: tool call",
      "Tool: send_money",
      "Workload: support-gateway, in production",
      "Credential: a static credential, at most 30 days old",
      "On behalf of: nobody that was named",
      "Length: up to 2,048 characters",
      "Cohort: enrolled once a limited stage covers 25 % of sessions",
      expect.stringMatching(/^Signals: .+ \(L2\)$/),
      "Links: files.example.net",
    ]);
  });

  it("says that no detector saw anything", () => {
    const quiet = factLines({ ...facts, signals: {}, links: {} });
    expect(quiet.at(-1)).toEqual({ name: "Signals", value: "none" });
  });
});
