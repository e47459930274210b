import { describe, expect, it } from "vitest";
import { moveLabel, valueText } from "./labels";

describe("a value for people", () => {
  it("is a word of ours in plain words", () => {
    expect(valueText("require_approval")).toBe("require approval");
    expect(moveLabel("controls.secrets.mode", "log", "require_approval")).toBe(
      "Secrets: mode: from log to require approval",
    );
    expect([valueText(null), valueText([]), valueText(undefined)]).toEqual(["anything", "nothing", "none"]);
  });

  it("is a condition as it is written: names in it keep their underscores", () => {
    const when = 'context.tool == "send_money"';
    expect(moveLabel("controls.custom/pay.when", undefined, when)).toContain(`from none to ${when}`);
  });
});
