import { describe, expect, it } from "vitest";
import { isLive, LIVE_MS, liveHourOf, liveKey } from "./live-hour";

const AT = new Date("2026-11-21T09:59:59.999Z");
const told = (ms: number) => new Date(AT.getTime() + ms);
const observation = { kind: "observation" as const, decidedAt: AT, synthetic: [] as string[] };

describe("what was recorded as it was made", () => {
  it("is an observation that was told within 24 hours, to the millisecond", () => {
    expect(LIVE_MS).toBe(86_400_000);
    expect([0, LIVE_MS - 1, LIVE_MS, LIVE_MS + 1].map((ms) => isLive(observation, told(ms)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("is one whose clock runs ahead of ours", () => {
    expect(isLive(observation, told(-60_000))).toBe(true);
  });

  it("is no observation whose time is named as made up", () => {
    expect(isLive({ ...observation, synthetic: ["messages"] }, told(0))).toBe(true);
    expect(isLive({ ...observation, synthetic: ["messages", "observedAt"] }, told(0))).toBe(false);
  });

  it("is every decision, however late it came in", () => {
    const decision = { ...observation, kind: "decision" as const, synthetic: ["observedAt"] };
    expect(isLive(decision, told(30 * LIVE_MS))).toBe(true);
  });
});

it("hours are told apart by use case and hour, and are in order", () => {
  const useCaseId = "0199c0de-0000-7000-8000-000000000000";
  const of = (decidedAt: Date) => liveHourOf({ useCaseId, decidedAt });
  expect(of(AT).hour.toISOString()).toBe("2026-11-21T09:00:00.000Z");
  expect(of(AT).key).toBe(liveKey({ useCaseId, decidedAt: told(-3_599_999) }));
  expect(of(AT).key < of(told(1)).key).toBe(true);
  expect(of(AT).key).not.toBe(liveKey({ useCaseId: useCaseId.replace("0199", "0200"), decidedAt: AT }));
});
