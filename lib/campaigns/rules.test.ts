import { describe, expect, it } from "vitest";
import { type Asked, itemState, progressOf } from "./rules";

const START = new Date("2026-03-02T09:00:00.000Z");
const at = (ms: number) => new Date(START.getTime() + ms);
const asked = (different: Partial<Asked> = {}): Asked => ({
  status: "approved",
  expiresAt: at(1000),
  endedAt: null,
  reviews: [],
  shortenings: [],
  ...different,
});

describe("an item of a campaign", () => {
  const state = (one: Asked, now = 0) => itemState(one, START, at(now)).state;

  it("is told by the exception's own record since the campaign began", () => {
    expect(state(asked())).toBe("open");
    expect(state(asked({ reviews: [{ at: at(-1) }] }))).toBe("open");
    expect(state(asked({ reviews: [{ at: at(-1) }, { at: at(0) }] }))).toBe("kept");
    expect(state(asked({ shortenings: [{ at: at(-1) }] }))).toBe("open");
    expect(state(asked({ shortenings: [{ at: at(0) }] }))).toBe("shortened");
    expect(state(asked({ shortenings: [{ at: at(1) }], reviews: [{ at: at(0) }] }))).toBe("shortened");
    expect(state(asked({ shortenings: [{ at: at(1) }] }), 2_000), "and then expired").toBe("shortened");
    expect(state(asked({ status: "revoked", endedAt: at(2), shortenings: [{ at: at(1) }] }))).toBe("revoked");
    expect(state(asked({ status: "revoked", endedAt: at(5), reviews: [{ at: at(1) }] }))).toBe("revoked");
    expect(state(asked({ status: "retired", endedAt: at(5) }))).toBe("retired");
  });

  it("ends with its expiry, to the millisecond, and stays kept if it was", () => {
    expect([state(asked(), 999), state(asked(), 1000)]).toEqual(["open", "expired"]);
    expect(state(asked({ reviews: [{ at: at(10) }] }), 5000)).toBe("kept");
  });
});

describe("a campaign", () => {
  const [open, done] = [
    { state: "open", at: null } as const,
    (ms: number) => ({ state: "kept", at: at(ms) }) as const,
  ];

  it("is overdue after its day only, and closes with its last item", () => {
    expect(progressOf([open, done(3)], at(10), at(10))).toEqual({
      done: 1,
      of: 2,
      overdue: 0,
      closedAt: null,
    });
    expect(progressOf([open, done(3)], at(10), at(11))).toMatchObject({ overdue: 1 });
    expect(progressOf([done(7), done(3)], at(10), at(11))).toMatchObject({ overdue: 0, closedAt: at(7) });
  });
});
