import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSetting, freezeAt, settingFieldTitle } from "./rules";
import { initialValue, SETTING_KEYS, SETTINGS } from "./schema";

describe("a setting of governance", () => {
  it("holds its initial value by its own schema, and comparing it with itself moves nothing", () => {
    for (const key of SETTING_KEYS) {
      expect(SETTINGS[key].schema.safeParse(SETTINGS[key].initial).success, key).toBe(true);
      expect(compareSetting(key, initialValue(key), initialValue(key))).toEqual({
        direction: "equal",
        moves: [],
      });
    }
  });

  it("tightens when more people are asked, and loosens the other way round", () => {
    const seats = initialValue("seats");
    const more = structuredClone(seats);
    more.policy.loosens.low = ["risk_owner", "security_lead"];
    expect(compareSetting("seats", seats, more)).toMatchObject({
      direction: "tightens",
      moves: [{ path: "policy.loosens.low", direction: "tightens" }],
    });
    expect(compareSetting("seats", more, seats).direction).toBe("loosens");
    const others = structuredClone(seats);
    others.policy.tightens.low = ["risk_owner"];
    expect(compareSetting("seats", seats, others).direction).toBe("mixed");
  });

  it("loosens when fewer rulings are asked for, or more false positives pass", () => {
    const limits = initialValue("readiness");
    const fewer = structuredClone(limits);
    fewer.high.rulings -= 1;
    expect(compareSetting("readiness", limits, fewer).direction).toBe("loosens");
    fewer.high.falsePositiveRate /= 2;
    expect(compareSetting("readiness", limits, fewer).direction).toBe("mixed");
  });

  it("has a name for each of its fields, and none for a policy's", () => {
    const named = (value: unknown, path: string): void => {
      const isLeaf = typeof value !== "object" || value === null || Array.isArray(value);
      if (isLeaf) expect(settingFieldTitle(path), path).toMatch(/^[A-Z]/);
      else for (const [key, child] of Object.entries(value)) named(child, path ? `${path}.${key}` : key);
    };
    for (const key of SETTING_KEYS) named(initialValue(key), "");
    for (const path of ["stage", "baseline.models", "controls.secrets.mode"])
      expect(settingFieldTitle(path)).toBeNull();
  });

  it("refuses a quorum of nobody, and two seats for the one risk owner", () => {
    const seats = initialValue("seats");
    for (const quorum of [[], ["risk_owner", "risk_owner"]]) {
      const value = { ...seats, organisation: { ...seats.organisation, tightens: quorum } };
      expect(SETTINGS.seats.schema.safeParse(value).success).toBe(false);
    }
  });
});

describe("a freeze window", () => {
  const window = {
    name: "Year end",
    from: "2026-12-20T00:00:00.000Z",
    to: "2027-01-04T00:00:00.000Z",
    useCases: ["support-bot"],
  };

  const hr = { slug: "hr-bot", name: "HR bot" };
  const support = { slug: "support-bot", name: "Support bot" };

  it("covers its beginning, not its end, and only its use cases", () => {
    const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
    fc.assert(
      fc.property(fc.integer({ min: from - 3, max: to + 3 }), (at) => {
        const inside = at >= from && at < to;
        expect(freezeAt([window], [hr, support], new Date(at))?.named).toEqual(
          inside ? ["Support bot"] : undefined,
        );
        expect(freezeAt([window], [hr], new Date(at))).toBeNull();
        expect(freezeAt([window], [], new Date(at))).toBeNull();
        expect(freezeAt([{ ...window, useCases: null }], [], new Date(at)) !== null).toBe(inside);
      }),
      { examples: [[from - 1], [from], [from + 1], [to - 1], [to], [to + 1]] },
    );
  });

  it("that is added tightens, taken away loosens, moved does both", () => {
    const none = { windows: [] };
    const one = { windows: [window] };
    expect(compareSetting("freezes", none, one).direction).toBe("tightens");
    expect(compareSetting("freezes", one, none).direction).toBe("loosens");
    const moved = { windows: [{ ...window, to: "2027-01-05T00:00:00.000Z" }] };
    expect(compareSetting("freezes", one, moved).direction).toBe("mixed");
  });
});
