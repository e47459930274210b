import { describe, expect, it } from "vitest";
import { AUDIT_ACTIONS } from "@/lib/audit/events";
import { TOPICS } from "./rules";
import { TELLINGS } from "./tellings";

describe("each audit action", () => {
  it.each(AUDIT_ACTIONS)("%s has a telling, or is silent on purpose", (action) => {
    expect(Object.keys(TELLINGS)).toContain(action);
  });

  it("that tells names topics that there are", () => {
    const topics = Object.values(TELLINGS).flatMap((telling) => telling?.topics ?? []);
    expect(topics.length).toBeGreaterThan(20);
    for (const topic of topics) expect(Object.keys(TOPICS)).toContain(topic);
  });

  it("makes a change that is approved wait for its requester only once its quorum is met", () => {
    const { when } = TELLINGS["change.approved"] ?? {};
    expect([when?.({ quorumMet: true }), when?.({ quorumMet: false }), when?.({})]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
