import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SluiceError } from "@/lib/errors";
import { TIERS, type Tier } from "@/lib/policy/vocabulary";
import { initialValue } from "@/lib/settings/schema";
import { EXCEPTION_ACTIONS, EXCEPTION_STATUSES, type ExceptionStatus, mayMove } from "./lifecycle";
import {
  assertChain,
  assertLife,
  chainEnd,
  chainSince,
  chainUntil,
  decisionBar,
  isBroad,
  isUnused,
  reviewBar,
  START_TOLERANCE_MS,
  type Stake,
  startFrom,
} from "./rules";

const LIMITS = initialValue("exceptions");

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
      draft: ["submit", "withdraw", "reassign"],
      submitted: ["approve", "reject", "withdraw", "reassign"],
      approved: ["review", "shorten", "revoke", "retire", "renew", "reassign"],
      rejected: [],
      withdrawn: [],
      revoked: [],
      retired: [],
    });
  });
});

describe("life", () => {
  const ruleOf = (work: () => void) => {
    try {
      work();
      return null;
    } catch (error) {
      return (error as SluiceError).rule;
    }
  };
  const broken = (life: number, tier: Tier, start = 0) =>
    ruleOf(() => assertLife({ startsAt: later(start), expiresAt: later(life) }, tier, LIMITS, NOW));

  it("ends by tier, to the millisecond", () => {
    expect(LIMITS.longestLifeDays).toEqual({ low: 180, moderate: 90, high: 30, critical: 14 });
    for (const tier of TIERS) {
      const longest = LIMITS.longestLifeDays[tier] * DAY_MS;
      expect(broken(longest, tier)).toBeNull();
      expect(broken(longest + 1, tier)).toBe("longest-life");
      expect(broken(longest + 5, tier, 5)).toBeNull();
      expect(broken(longest + 6, tier, 5)).toBe("longest-life");
    }
  });

  it("is counted from now on, whatever start is claimed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TIERS),
        fc.integer({ min: -400 * DAY_MS, max: 400 * DAY_MS }),
        fc.integer({ min: 1, max: 800 * DAY_MS }),
        (tier, start, length) => {
          const expiry = start + length;
          const lives = expiry - Math.max(0, start);
          const expected =
            expiry <= 0
              ? "already-expired"
              : lives > LIMITS.longestLifeDays[tier] * DAY_MS
                ? "longest-life"
                : null;
          expect(broken(expiry, tier, start)).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("never starts in the past: with the request, or not at all", () => {
    for (const ms of [0, 1, DAY_MS]) expect(startFrom(later(ms), NOW)).toEqual(later(ms));
    expect(startFrom(later(-1), NOW)).toEqual(NOW);
    expect(startFrom(later(-START_TOLERANCE_MS), NOW)).toEqual(NOW);
    expect(ruleOf(() => startFrom(later(-START_TOLERANCE_MS - 1), NOW))).toBe("backdated");
  });

  it("is never over before it begins", () => {
    expect(broken(0, "low", -1)).toBe("already-expired");
    expect(broken(1, "low")).toBeNull();
  });

  it("of a chain is counted to the last end of those that were approved, and of the one that is looked at", () => {
    const link = (id: string, status: ExceptionStatus, days: number, endedAt: Date | null = null) => ({
      id,
      status,
      expiresAt: later(days * DAY_MS),
      endedAt,
    });
    const links = [
      link("a", "approved", 30),
      link("b", "revoked", 60, later(40 * DAY_MS)),
      link("c", "rejected", 90),
      link("d", "submitted", 70),
      link("e", "withdrawn", 80),
    ];
    expect(["a", "b", "d"].map((id) => chainUntil(links, id))).toEqual([
      later(40 * DAY_MS),
      later(40 * DAY_MS),
      later(70 * DAY_MS),
    ]);
    expect(chainUntil([link("a", "draft", 30)], "a")).toEqual(later(30 * DAY_MS));
  });

  it("of a chain is capped at four times the longest life, from when its first began to spare", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TIERS),
        fc.integer({ min: -30 * DAY_MS, max: 30 * DAY_MS }),
        fc.option(fc.integer({ min: -30 * DAY_MS, max: 30 * DAY_MS })),
        fc.integer({ min: -2, max: 2 }),
        (tier, start, approved, off) => {
          const first = { startsAt: later(start), decidedAt: approved === null ? null : later(approved) };
          const since = Math.max(start, approved ?? start);
          expect(chainSince(first)).toEqual(later(since));
          const cap = since + 4 * LIMITS.longestLifeDays[tier] * DAY_MS;
          expect(chainEnd(first, tier, LIMITS)).toEqual(later(cap));
          const rule = ruleOf(() => assertChain(first, later(cap + off), tier, LIMITS));
          expect(rule).toBe(off > 0 ? "chain-cap" : null);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("renewed as long and as often as allowed never outlives the cap", () => {
    for (const tier of TIERS) {
      const longest = LIMITS.longestLifeDays[tier] * DAY_MS;
      const first = { startsAt: NOW, decidedAt: NOW };
      let expiry = longest;
      let renewals = 0;
      while (ruleOf(() => assertChain(first, later(expiry + longest), tier, LIMITS)) === null) {
        expiry += longest;
        renewals++;
      }
      expect([renewals, expiry]).toEqual([3, 4 * longest]);
    }
  });
});

describe("use", () => {
  it("counts as none after thirty days in force without any", () => {
    const bound = NOW.getTime() - LIMITS.unusedDays * DAY_MS;
    const [old, young] = [new Date(bound), new Date(bound + 1)];
    const unused = (since: Date, lastUsedAt: Date | null) => isUnused({ since, lastUsedAt }, LIMITS, NOW);
    expect([
      unused(old, null),
      unused(young, null),
      unused(old, new Date(bound - 1)),
      unused(old, old),
    ]).toEqual([true, false, true, false]);
  });
});

describe("segregation of duties", () => {
  const before: Stake[] = [
    { personId: "old-risk", as: "risk_owner", of: null },
    { personId: "old-business", as: "business_owner", of: null },
    { personId: "replacer", as: "replaced_owner", of: null },
    { personId: "first-asked", as: "requested", of: "EXC-1" },
    { personId: "first-business", as: "business_owner", of: "EXC-1" },
  ];
  const parties = { requestedById: "asks", riskOwnerId: "risk", businessOwnerId: "business", before };
  const everyone = ["asks", "risk", "business", ...before.map(({ personId }) => personId), "somebody"];

  it("keeps everyone who ever stood on it from deciding, and those who need it from reviewing", () => {
    expect(everyone.filter((id) => decisionBar(parties, id) === null)).toEqual(["somebody"]);
    expect(everyone.filter((id) => reviewBar(parties, id) === null)).toEqual([
      "risk",
      "old-risk",
      "replacer",
      "first-asked",
      "first-business",
      "somebody",
    ]);
    expect(decisionBar(parties, "old-business")).toBe("You were the business owner of it.");
    expect(decisionBar(parties, "first-asked")).toBe("You requested EXC-1, which it renews.");
  });
});

describe("scope", () => {
  it("is broad when nothing limits it", () => {
    expect(isBroad({})).toBe(true);
    expect(isBroad({ tools: [], models: [] })).toBe(true);
    expect(isBroad({ tools: ["send_money"] })).toBe(false);
  });
});
