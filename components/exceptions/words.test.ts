import { describe, expect, it } from "vitest";
import type { ExceptionView } from "@/lib/exceptions/views";
import { daysText, either, scopeText, standingText } from "./words";

describe("words of an exception", () => {
  it("joins alternatives as people do", () => {
    expect([either([]), either(["a"]), either(["a", "b"]), either(["a", "b", "c"], "and")]).toEqual([
      "",
      "a",
      "a or b",
      "a, b and c",
    ]);
  });

  it("says every dimension of a scope, in a fixed order, and nothing for an empty one", () => {
    expect(scopeText({})).toBeNull();
    expect(scopeText({ tools: [], models: [] })).toBeNull();
    expect(scopeText({ environments: ["production"], workloads: ["bot", "batch"], tools: ["send_*"] })).toBe(
      "workload bot or batch, tool send_* and environment production",
    );
  });

  it("never says 0 days", () => {
    expect([null, 0, 1, 2].map(daysText)).toEqual(["–", "–", "1 day", "2 days"]);
  });

  it("names each person once who may not decide, and says nothing of what is in force", () => {
    const person = (name: string) => ({ id: name, name });
    const view = (state: string) =>
      ({
        state,
        requestedBy: person("Abel"),
        riskOwner: person("Rita"),
        businessOwner: person("Abel"),
      }) as ExceptionView;
    expect(standingText(view("submitted"))).toContain("Neither Abel nor Rita may decide");
    expect(standingText(view("in_force"))).toBeNull();
    expect(standingText(view("review_overdue"))).toContain("suspended");
  });
});
