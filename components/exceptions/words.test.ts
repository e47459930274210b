import { describe, expect, it } from "vitest";
import type { ExceptionView, SparedView } from "@/lib/exceptions/views";
import {
  besidesText,
  either,
  lapseText,
  rateText,
  scopeText,
  sparedText,
  standingText,
  withoutText,
} from "./words";

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

  it("names each person once who may not decide, and says nothing of what is in force", () => {
    const person = (name: string) => ({ id: name, name });
    const view = (state: string) =>
      ({
        state,
        requestedBy: person("Abel"),
        riskOwner: person("Rita"),
        businessOwner: person("Abel"),
      }) as ExceptionView;
    expect(standingText(view("submitted"))).toContain("not Abel or Rita");
    expect(standingText(view("in_force"))).toBeNull();
    expect(standingText(view("review_overdue"))).toContain("suspended");
  });
});

describe("what an exception would spare, in words", () => {
  const none = { block: 0, require_approval: 0, redact: 0 };
  const view = (different: Partial<SparedView>): SparedView => ({
    from: "",
    to: "",
    days: 30,
    decisions: 3120,
    spared: 212,
    already: 0,
    unknown: 0,
    stops: none,
    wouldStop: none,
    byControl: [],
    byWorkload: [],
    ...different,
  });

  it("says how many, of how many, how often", () => {
    expect(sparedText(view({}))).toBe(
      "It would have spared 212 of the 3,120 decisions of the last 30 days, about 7 a day.",
    );
    expect(sparedText(view({ spared: 0 }))).toContain("none of the 3,120 decisions");
    expect(sparedText(view({ decisions: 0 }))).toContain("No decision");
    expect([rateText(30, 30), rateText(5, 30), rateText(400, 10), rateText(29, 30)]).toEqual([
      "about 1 a day",
      "about 1 every 6 days",
      "about 40 a day",
      "about 1 a day",
    ]);
  });

  it("says what would happen without it, now and were the policy enforcing", () => {
    const stops = { block: 30, require_approval: 0, redact: 2 };
    expect(withoutText(view({ stops }))).toContain("30 blocked and 2 redacted, about 1 a day");
    expect(withoutText(view({ wouldStop: stops }))).toContain("stops none of them yet; were it enforcing");
    expect(withoutText(view({}))).toContain("only log");
    expect(withoutText(view({ spared: 0 }))).toBeNull();
    expect(lapseText(view({ stops }))).toContain("about 1 a day would be stopped");
    expect(lapseText(view({ wouldStop: stops }))).toContain("nothing would be stopped yet");
  });

  it("says what is left out", () => {
    expect(besidesText(view({}))).toBeNull();
    expect(besidesText(view({ already: 1, unknown: 2 }))).toMatch(
      /^1 decision more .* and of 2 decisions it cannot/,
    );
  });
});
