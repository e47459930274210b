import { describe, expect, it } from "vitest";
import { tallyOf } from "./tally";
import { someDecision } from "./testing";

const [ONE, TWO] = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"];
const AT = new Date("2026-03-02T09:30:00.000Z");

function spared(...ids: string[]) {
  return someDecision({
    useCaseId: "case",
    decidedAt: AT,
    findings: ids.map((id, at) => ({
      control: `custom/${at}`,
      mode: "enforce",
      effect: "exempted",
      exception: { id, ref: "EXC-1", riskOwner: "R", expiresAt: "2026-04-02T09:30:00.000Z", daysLeft: 31 },
    })),
  });
}

describe("what is counted of exceptions", () => {
  it("is each decision once for every exception that spared a finding of it", () => {
    const { exceptionHour, decisionHour } = tallyOf([
      spared(TWO, ONE),
      spared(ONE, ONE),
      spared(TWO),
      spared(),
    ]);
    const hour = "2026-03-02T09:00:00.000Z";
    expect(exceptionHour.map(({ key, n }) => [...key, n])).toEqual([
      ["case", ONE, hour, 2],
      ["case", TWO, hour, 2],
    ]);
    expect(decisionHour.reduce((sum, { n }) => sum + n, 0)).toBe(4);
  });
});
