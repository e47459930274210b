import { describe, expect, it } from "vitest";
import { fieldText, moveLabel, valueText } from "./labels";

describe("a value for people", () => {
  it("is a word of ours in plain words", () => {
    expect(valueText("require_approval")).toBe("require approval");
    expect(moveLabel("controls.secrets.mode", "log", "require_approval")).toBe(
      "Secrets: mode: from log to require approval",
    );
    expect([valueText(null), valueText([]), valueText(undefined)]).toEqual(["anything", "nothing", "none"]);
  });

  it("says of a limit that there is none, and names controls and seats by what people call them", () => {
    expect(fieldText("baseline.traffic.promptChars", null)).toBe("no limit");
    expect(fieldText("baseline.models", null)).toBe("anything");
    expect(fieldText("limited.controls", ["pii/credit-card"])).toBe("Credit card number");
    expect(fieldText("policy.loosens.high", ["risk_owner", "security_lead"])).toBe(
      "risk owner, security lead",
    );
    expect(fieldText("baseline.purposes", ["risk_owner"])).toBe("risk_owner");
  });

  it("is a freeze window with its name, times and use cases", () => {
    const times = { from: "2026-12-20T00:00:00.000Z", to: "2027-01-04T08:30:00.000Z" };
    const windows = [
      { name: "Year end", ...times, useCases: ["support-bot"] },
      { name: "Audit", ...times, useCases: null },
    ];
    expect(valueText(windows)).toBe(
      "Year end, 20 Dec 2026, 00:00 UTC until 4 Jan 2027, 08:30 UTC, support-bot, Audit, 20 Dec 2026, 00:00 UTC until 4 Jan 2027, 08:30 UTC, every use case",
    );
  });

  it("is a condition as it is written: names in it keep their underscores", () => {
    const when = 'context.tool == "send_money"';
    expect(moveLabel("controls.custom/pay.when", undefined, when)).toContain(`from none to ${when}`);
  });
});
