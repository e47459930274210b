import { expect, test } from "vitest";
import { mendOf } from "./links";
import { boundsText, readinessSentence, stateOf } from "./words";

const [met, missing] = [
  { id: "days", met: true },
  { id: "decisions", met: false },
];

test("says how many conditions are not met, and how many of those were accepted", () => {
  const acceptance = { condition: "decisions", current: true };
  expect(readinessSentence([met])).toBe("The condition is met.");
  expect(readinessSentence([met, { ...met, id: "appeals" }])).toBe("All 2 conditions are met.");
  expect(readinessSentence([met, missing])).toBe("1 of 2 conditions is not met.");
  expect(readinessSentence([met, missing], [acceptance])).toBe(
    "1 of 2 conditions is not met, accepted by the risk owner.",
  );
  expect(readinessSentence([missing, { ...missing, id: "days" }], [acceptance])).toBe(
    "2 of 2 conditions are not met, 1 of them accepted by the risk owner.",
  );
  expect(readinessSentence([missing], [{ ...acceptance, current: false }])).toBe(
    "1 of 1 condition is not met.",
  );
  expect([stateOf([met]), stateOf([met, missing])]).toEqual(["ready", "1 missing"]);
});

test("bounds are rounded outwards, and unknown ones are said to be", () => {
  expect(boundsText({ low: 0, high: 0.0725 })).toBe("0–7.3 %");
  expect(boundsText({ low: 0.0199, high: 1 })).toBe("1.9–100 %");
  expect(boundsText(null)).toBe("not known");
});

test("leads to where a condition can be mended", () => {
  const may = { rule: true, nameOwners: true };
  const of = (id: string, control: string | null, measured: number | null = 0) =>
    mendOf({ id, control, measured }, "support-bot", may)?.href ?? null;
  expect(of("rulings:pii/email", "pii/email")).toBe(
    "/telemetry/rulings?useCase=support-bot&control=pii%2Femail",
  );
  expect(of("false-positives:pii/email", "pii/email", null)).toContain("/telemetry/rulings?");
  expect(of("false-positives:pii/email", "pii/email", 0.3)).toBe(
    "/use-cases/support-bot?tab=controls&levels=pii%2Femail#control-pii-email",
  );
  expect(of("false-positives:tool-not-approved", "tool-not-approved", 0.3)).toContain("/telemetry/drift?");
  expect(of("false-positives:high-impact-tool", "high-impact-tool", 0.3)).toContain("/telemetry/rulings?");
  expect(of("false-positives:moderation/hate", "moderation/hate", 1)).toBeNull();
  expect(of("decisions:custom/a", "custom/a", 3)).toBeNull();
  expect(of("appeals", null)).toBe("/telemetry/appeals?useCase=support-bot&status=open");
  expect(of("telemetry", null)).toBe("/telemetry?useCase=support-bot&period=30d&bucket=hour");
  expect(of("cases", null)).toBe("/telemetry/rulings?tab=cases&useCase=support-bot&state=live");
  expect(of("risk-owner", null)).toBe("/use-cases/support-bot/edit");
  expect(of("days", null)).toBeNull();
});

test("who may not rule, answer or name owners is led to what they may read, or nowhere", () => {
  const of = (id: string, control: string | null, measured: number | null = 0) =>
    mendOf({ id, control, measured }, "support-bot", { rule: false, nameOwners: false });
  expect(of("rulings:pii/email", "pii/email")).toEqual({
    href: "/telemetry/rulings?tab=given&useCase=support-bot&control=pii%2Femail",
    label: "See its rulings",
  });
  expect(of("false-positives:high-impact-tool", "high-impact-tool", 0.3)?.label).toBe("See its rulings");
  expect(of("appeals", null)?.label).toBe("See the appeals");
  expect(of("cases", null)?.label).toBe("See the kept cases");
  expect(of("risk-owner", null)).toBeNull();
  expect(of("application-owner", null)).toBeNull();
});
