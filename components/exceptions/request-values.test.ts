import { describe, expect, it } from "vitest";
import { assertLife } from "@/lib/exceptions/rules";
import { requestExceptionSchema } from "@/lib/exceptions/schema";
import { TIERS } from "@/lib/policy/vocabulary";
import { initialValue } from "@/lib/settings/schema";
import { FORM_FIELDS, latestExpiry, usualTimes, valuesOf, valuesOfRenewal } from "./request-values";

const LIMITS = initialValue("exceptions");
const NOW = "2026-03-02T09:41:27.512Z";

describe("the request form", () => {
  it("proposes times that every tier allows and the schema takes", () => {
    for (const tier of TIERS) {
      const { startsAt, expiresAt, reviewAt } = usualTimes(NOW, tier, LIMITS);
      assertLife(
        { startsAt: new Date(startsAt), expiresAt: new Date(expiresAt) },
        tier,
        LIMITS,
        new Date(NOW),
      );
      expect(Date.parse(startsAt)).toBeLessThanOrEqual(Date.parse(NOW));
      expect(Date.parse(reviewAt)).toBeGreaterThan(Date.parse(startsAt));
      expect(Date.parse(reviewAt)).toBeLessThan(Date.parse(expiresAt));
    }
  });

  it("says the latest expiry of a tier, which the rule still takes and a millisecond more not", () => {
    for (const tier of TIERS) {
      const latest = new Date(latestExpiry(NOW, tier, LIMITS) ?? "");
      const startsAt = new Date(NOW);
      expect((latest.getTime() - startsAt.getTime()) / 86_400_000).toBe(LIMITS.longestLifeDays[tier]);
      assertLife({ startsAt, expiresAt: latest }, tier, LIMITS, startsAt);
      const later = new Date(latest.getTime() + 1);
      expect(() => assertLife({ startsAt, expiresAt: later }, tier, LIMITS, startsAt)).toThrow();
    }
    expect(latestExpiry("", "low", LIMITS)).toBeNull();
  });

  it("opens with what the link names", () => {
    const query = new URLSearchParams("useCase=bot&control=secrets&control=pii/email&tool=send_money");
    const values = valuesOf(query, usualTimes(NOW, "low", LIMITS));
    expect(values).toMatchObject({ useCase: "bot", controls: ["secrets", "pii/email"] });
    expect(values.scope).toMatchObject({ tools: ["send_money"], workloads: [] });
  });

  it("of a renewal begins with the old terms, where they end, and ends within life and cap", () => {
    const day = (days: number) => new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
    const owner = { id: "r", name: "Rita", active: true };
    const old = (startsAt: string, expiresAt: string, endsAt: string) => ({
      useCase: { id: "u", slug: "bot", name: "Bot", tier: "high" as const },
      controls: [{ id: "secrets", title: "Secrets" }],
      scope: { tools: ["send_money"] },
      justification: "Because.",
      compensatingControls: "Reviewed.",
      category: "mitigated" as const,
      riskOwner: owner,
      businessOwner: { ...owner, id: "b", active: false },
      startsAt,
      expiresAt,
      chain: { links: [], since: startsAt, until: expiresAt, days: 20, capDays: 120, endsAt, leftDays: 1 },
    });
    const renewal = valuesOfRenewal(old(day(-15), day(5), day(100)), LIMITS, NOW);
    expect(renewal).toMatchObject({
      useCase: "bot",
      controls: ["secrets"],
      riskOwnerId: "r",
      businessOwnerId: "",
      startsAt: day(5),
      expiresAt: day(25),
      reviewAt: day(15),
    });
    expect(renewal.scope).toMatchObject({ tools: ["send_money"], models: [] });
    expect(valuesOfRenewal(old(day(-40), day(5), day(100)), LIMITS, NOW).expiresAt).toBe(day(35));
    expect(valuesOfRenewal(old(day(-15), day(5), day(9)), LIMITS, NOW).expiresAt).toBe(day(9));
    const late = valuesOfRenewal(old(day(-30), day(-10), day(100)), LIMITS, NOW);
    expect(Date.parse(NOW) - Date.parse(late.startsAt)).toBeLessThan(60_000);
  });

  it("has a field for every error that the schema can give to what it holds", () => {
    const empty = valuesOf(new URLSearchParams(), { startsAt: "", expiresAt: "", reviewAt: "" });
    const broken = {
      ...empty,
      category: "",
      scope: { ...empty.scope, models: [""], environments: ["moon"] },
    };
    const { error } = requestExceptionSchema.safeParse(broken);
    const paths = (error?.issues ?? []).map(({ path }) => path.join("."));
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) {
      expect(
        FORM_FIELDS.some((field) => path === field || path.startsWith(`${field}.`)),
        path,
      ).toBe(true);
    }
  });
});
