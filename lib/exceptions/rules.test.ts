import { describe, expect, it } from "vitest";
import type { SluiceError } from "@/lib/errors";
import { TIERS, type Tier } from "@/lib/policy/vocabulary";
import { EXCEPTION_ACTIONS, EXCEPTION_STATUSES, mayMove } from "./lifecycle";
import { assertLife, daysUntil, decisionBar, isBroad, LONGEST_LIFE_DAYS, reviewBar } from "./rules";

const NOW = new Date("2026-03-02T09:00:00.000Z");
const later = (ms: number) => new Date(NOW.getTime() + ms);
const DAY_MS = 86_400_000;

describe("lifecycle", () => {
  it("allows exactly these moves", () => {
    const allowed = Object.fromEntries(
      EXCEPTION_STATUSES.map((status) => [
        status,
        EXCEPTION_ACTIONS.filter((action) => mayMove(status, action)),
      ]),
    );
    expect(allowed).toEqual({
      draft: ["submit", "withdraw"],
      submitted: ["approve", "reject", "withdraw"],
      approved: ["review", "revoke", "retire"],
      rejected: [],
      withdrawn: [],
      revoked: [],
      retired: [],
    });
  });
});

describe("life", () => {
  const broken = (life: number, tier: Tier) => {
    try {
      assertLife({ startsAt: NOW, expiresAt: later(life) }, tier, NOW);
      return null;
    } catch (error) {
      return (error as SluiceError).rule;
    }
  };

  it("ends by tier, to the millisecond", () => {
    expect(LONGEST_LIFE_DAYS).toEqual({ low: 180, moderate: 90, high: 30, critical: 14 });
    for (const tier of TIERS) {
      const longest = LONGEST_LIFE_DAYS[tier] * DAY_MS;
      expect(broken(longest, tier)).toBeNull();
      expect(broken(longest + 1, tier)).toBe("longest-life");
    }
  });

  it("is never over before it begins", () => {
    expect(broken(0, "low")).toBe("already-expired");
    expect(broken(1, "low")).toBeNull();
  });

  it("counts days up, so that what still lives never says 0", () => {
    expect([0, 1, DAY_MS, DAY_MS + 1, -5].map((ms) => daysUntil(later(ms), NOW))).toEqual([0, 1, 1, 2, 0]);
  });
});

describe("segregation of duties", () => {
  const parties = { requestedById: "asks", riskOwnerId: "risk", businessOwnerId: "business" };

  it("keeps requester and owners from deciding, requester and business owner from reviewing", () => {
    const everyone = ["asks", "risk", "business", "somebody"];
    expect(everyone.map((id) => decisionBar(parties, id) === null)).toEqual([false, false, false, true]);
    expect(everyone.map((id) => reviewBar(parties, id) === null)).toEqual([false, true, false, true]);
  });
});

describe("scope", () => {
  it("is broad when nothing limits it", () => {
    expect(isBroad({})).toBe(true);
    expect(isBroad({ tools: [], models: [] })).toBe(true);
    expect(isBroad({ tools: ["send_money"] })).toBe(false);
  });
});
