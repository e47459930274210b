import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "@/lib/policy/canonical";
import { TIERS } from "@/lib/policy/vocabulary";
import { wilson } from "@/lib/rulings/rules";
import { initialValue } from "@/lib/settings/schema";
import {
  type ControlEvidence,
  conditionOfCases,
  conditionsOfControl,
  conditionsOfUseCase,
  type LevelStratum,
  type Limits,
  type Observed,
  ruleOfThree,
} from "./conditions";
import type { ReadinessCondition } from "./views";

const limits: Limits = { days: 14, decisions: 1_000, rulings: 50, falsePositiveRate: 0.05 };

const enough: Observed = {
  decisions: 3_120,
  toldLater: { decisions: 0, days: 0 },
  days: { observed: 20, withTraffic: 20 },
  telemetry: { hours: 480, gapHours: 0, refused: 0 },
  riskOwner: "active",
  applicationOwners: { active: 1, named: 1 },
  openAppeals: 0,
};

const stratum = (
  fired: number,
  yes: number,
  no: number,
  unsure = 0,
  level: LevelStratum["level"] = null,
) => ({
  level,
  fired,
  sampled: { true_positive: yes, false_positive: no, unsure },
});

/** The stratum with so many more rulings. */
function ruledMore(one: LevelStratum, more: Partial<LevelStratum["sampled"]>): LevelStratum {
  const sampled = { ...one.sampled };
  for (const answer of ["true_positive", "false_positive", "unsure"] as const)
    sampled[answer] += more[answer] ?? 0;
  return { ...one, sampled };
}

const evidence = (strata: LevelStratum[], different: Partial<ControlEvidence> = {}): ControlEvidence => ({
  control: "secrets",
  applies: 3_120,
  toldLater: 0,
  seen: 3_120,
  unseenBecause: null,
  strata,
  leftOut: 0,
  ...different,
});

function byId(conditions: readonly ReadinessCondition[], id: string): ReadinessCondition {
  const found = conditions.find((condition) => condition.id === id);
  if (!found) throw new Error(`There is no condition ${id}.`);
  return found;
}

const ofUseCase = (different: Partial<Observed>, id: string, under: Limits = limits) =>
  byId(conditionsOfUseCase({ ...enough, ...different }, under), id);
const ofControl = (given: ControlEvidence, id: string, under: Limits = limits) =>
  byId(conditionsOfControl(given, under), `${id}:secrets`);

test("what was told more than a day later is said, and does not count", () => {
  const later = { toldLater: { decisions: 12_000, days: 9 }, days: { observed: 6, withTraffic: 5 } };
  expect(ofUseCase(later, "days")).toMatchObject({
    met: false,
    measured: 6,
    text: "6 of 14 days, 5 of them with traffic; 9 days told more than a day later do not count",
  });
  expect(ofUseCase(later, "decisions").text).toBe(
    "3,120 of 1,000 decisions; 12,000 decisions told more than a day later do not count",
  );
  const one = { toldLater: { decisions: 1, days: 1 } };
  expect(ofUseCase(one, "days").text).toBe("20 of 14 days; 1 day told more than a day later does not count");
});

test("says figure, limit and how far it is, as people read it", () => {
  const all = [
    ofUseCase({ days: { observed: 6, withTraffic: 6 } }, "days"),
    ofUseCase({}, "decisions"),
    ofControl(evidence([stratum(80, 41, 0)]), "rulings"),
    ofControl(evidence([stratum(80, 49, 0)]), "false-positives"),
  ];
  expect(all.map(({ text }) => text).join("; ")).toBe(
    "6 of 14 days; 3,120 of 1,000 decisions; 41 of 50 rulings; false positives 0–7.3 % at 95 %, limit 5 %",
  );
  expect(all.map(({ met }) => met)).toEqual([false, true, false, false]);
});

describe("every tier, every condition, at its limit and one to each side", () => {
  const settings = initialValue("readiness");
  for (const tier of TIERS) {
    const under = settings[tier];
    const around = (limit: number) => [limit - 1, limit, limit + 1];

    test(`${tier}: counts are met from the limit on`, () => {
      const met = {
        days: around(under.days).map(
          (n) => ofUseCase({ days: { observed: n, withTraffic: n } }, "days", under).met,
        ),
        decisions: around(under.decisions).map(
          (decisions) => ofUseCase({ decisions }, "decisions", under).met,
        ),
        rulings: around(under.rulings).map(
          (n) => ofControl(evidence([stratum(9_999, n, 0)]), "rulings", under).met,
        ),
      };
      const from = [false, true, true];
      expect(met).toEqual({ days: from, decisions: from, rulings: from });
    });

    test(`${tier}: the false-positive rate is met up to its limit`, () => {
      const needed = Array.from({ length: 400 }, (_, n) => n + 1).find(
        (n) => wilson(0, n).high <= under.falsePositiveRate,
      ) as number;
      const met = around(needed).map(
        (n) => ofControl(evidence([stratum(9_999, n, 0)]), "false-positives", under).met,
      );
      expect(met).toEqual([false, true, true]);
      expect(ofControl(evidence([stratum(9_999, needed, needed)]), "false-positives", under).met).toBe(false);
    });

    test(`${tier}: a control that did not fire is met from as many decisions on as the rule of three needs`, () => {
      const needed = Math.ceil(3 / under.falsePositiveRate);
      const met = around(needed).map(
        (seen) => ofControl(evidence([], { seen, applies: seen }), "false-positives", under).met,
      );
      expect(met).toEqual([false, true, true]);
    });
  }

  test("what has no limit of a tier: appeals, telemetry, owners", () => {
    const appeals = [0, 1, 2].map((openAppeals) => ofUseCase({ openAppeals }, "appeals"));
    expect(appeals.map(({ met }) => met)).toEqual([true, false, false]);
    expect(appeals.map(({ text }) => text)).toEqual([
      "no open appeal",
      "1 open appeal, limit 0",
      "2 open appeals, limit 0",
    ]);
    const hours = (different: Partial<Observed["telemetry"]>) =>
      ofUseCase({ telemetry: { ...enough.telemetry, ...different } }, "telemetry");
    expect(hours({})).toMatchObject({ met: true, text: "0 of 480 hours without telemetry, limit 0" });
    expect(hours({ gapHours: 1 })).toMatchObject({ met: false, measured: 1 });
    expect(hours({ refused: 3 })).toMatchObject({ met: false });
    expect(hours({ refused: 3 }).text).toContain("3 decisions could not be kept");
    expect(hours({ hours: 0 })).toMatchObject({ met: false, measured: null, text: "no telemetry yet" });
    const owners = (["active", "without_role", "left"] as const).map(
      (riskOwner) => ofUseCase({ riskOwner }, "risk-owner").met,
    );
    expect(owners).toEqual([true, false, false]);
    const apps = [
      { active: 0, named: 0 },
      { active: 0, named: 2 },
      { active: 1, named: 2 },
    ].map((applicationOwners) => ofUseCase({ applicationOwners }, "application-owner"));
    expect(apps.map(({ met }) => met)).toEqual([false, false, true]);
    expect(apps[0]?.text).toBe("no application owner is named");
  });
});

describe("a control", () => {
  test("without rulings says so, and is not ready", () => {
    const given = evidence([stratum(212, 0, 0, 0, "L1")]);
    expect(ofControl(given, "rulings")).toMatchObject({
      met: false,
      measured: 0,
      limit: 50,
      text: "no rulings yet: 0 of 50 rulings",
    });
    expect(ofControl(given, "false-positives")).toMatchObject({ met: false, measured: null });
  });

  test("that did not fire needs no ruling, and says what that is worth", () => {
    const [rulings, rate] = conditionsOfControl(evidence([]), limits);
    expect(rulings).toMatchObject({ met: true, text: "nothing to rule: it did not fire in 3,120 decisions" });
    expect(rate).toMatchObject({ met: true, measured: 0.001, limit: 0.05 });
    expect(rate?.text).toBe(
      "it may fire on up to 0.1 % of what it looks at, rightly or wrongly (95 %, rule of three), limit 5 %",
    );
  });

  test("that was never tried is not ready, and says why it was not", () => {
    const untried = { ...evidence([]), control: "tool-not-approved", applies: 0, seen: 0 };
    const [rulings, rate] = conditionsOfControl(untried, limits);
    expect(rulings).toMatchObject({ met: true, text: "nothing to rule" });
    expect(rate).toMatchObject({ met: false, measured: 1 });
    expect(rate?.text).toBe(
      "not tried: nothing that it looks at was recorded (no request named a tool); nothing is known of its false positives, limit 5 %",
    );
    const unheard = {
      ...evidence([]),
      control: "moderation/hate",
      seen: 0,
      unseenBecause: "unheard",
    } as const;
    expect(conditionsOfControl(unheard, limits)[1]).toMatchObject({ met: false });
    expect(conditionsOfControl(unheard, limits)[1]?.text).toContain("signals from outside only");
  });

  test("whose phrases are new has a count of its own", () => {
    const given = evidence([], { control: "custom/a", seen: 400, unseenBecause: "changed" });
    expect(conditionsOfControl(given, limits)[0]).toMatchObject({
      id: "decisions:custom/a",
      met: false,
      measured: 400,
      text: "400 of 1,000 decisions since it looks for this (2,720 before do not count)",
    });
  });

  test("counts unsure rulings apart, and says when there is not enough to rule", () => {
    expect(ofControl(evidence([stratum(8, 7, 0, 1)]), "rulings").text).toBe(
      "8 of 50 rulings (1 unsure, taken for right and for wrong; it fired 8 times in all)",
    );
  });

  test("says of silence what was told later, and counts nothing of it", () => {
    const given = evidence([], { applies: 0, seen: 0, toldLater: 9_000 });
    const rate = ofControl(given, "false-positives");
    expect(rate).toMatchObject({ met: false, measured: 1 });
    expect(rate.text).toContain("nothing that it looks at was recorded; nothing is known");
    expect(rate.text).toContain("limit 5 %; 9,000 decisions told more than a day later do not count");
    const quiet = evidence([], { seen: 60, applies: 60, toldLater: 1 });
    expect(ofControl(quiet, "false-positives").text).toContain(
      "limit 5 %; 1 decision told more than a day later does not count",
    );
  });

  test("says how many rulings of the requester it left out", () => {
    const three = evidence([stratum(80, 41, 0)], { leftOut: 3 });
    expect(ofControl(three, "rulings").text).toBe("41 of 50 rulings (3 by the requester do not count)");
    const alone = evidence([stratum(80, 0, 0)], { leftOut: 1 });
    expect(ofControl(alone, "rulings")).toMatchObject({
      met: false,
      text: "no rulings by others yet: 0 of 50 rulings (1 by the requester does not count)",
    });
  });

  test("bounds what is not ruled at a level by all and nothing", () => {
    const given = evidence([stratum(90, 100, 0, 0, "L1"), stratum(10, 0, 0, 0, "L2")]);
    const rate = ofControl(given, "false-positives");
    expect(rate.measured).toBeCloseTo(0.9 * wilson(0, 100).high + 0.1, 2);
    expect(rate.text).toContain("nothing is ruled of L2, 10 % of what it fired on");
  });
});

describe("kept cases", () => {
  const holding = {
    ref: "CASE-1",
    name: "a",
    control: "secrets",
    expected: "does_not_fire",
    holds: true,
    problem: null,
  } as const;

  test("none says nothing, all that hold are met, one that does not is named", () => {
    expect(conditionOfCases([])).toEqual([]);
    expect(conditionOfCases([holding])).toMatchObject([{ met: true, text: "1 of 1 kept case holds" }]);
    const broken = { ...holding, name: "Case 12", holds: false };
    expect(conditionOfCases([holding, broken])).toMatchObject([
      {
        met: false,
        measured: 1,
        limit: 2,
        text: "1 of 2 kept cases holds; not: CASE-1 “Case 12” (secrets must not fire)",
      },
    ]);
  });

  test("names five at most", () => {
    const broken = Array.from({ length: 7 }, (_, n) => ({ ...holding, name: `n${n}`, holds: false }));
    expect(conditionOfCases(broken)[0]?.text).toContain("CASE-1 “n4” (secrets must not fire) and 2 more");
  });
});

describe("laws", () => {
  const strata = fc.array(
    fc
      .record({
        fired: fc.integer({ min: 1, max: 5_000 }),
        yes: fc.integer({ min: 0, max: 200 }),
        no: fc.integer({ min: 0, max: 200 }),
        unsure: fc.integer({ min: 0, max: 20 }),
      })
      .map(({ fired, yes, no, unsure }) => stratum(fired, yes, no, unsure, "L1")),
    { minLength: 1, maxLength: 4 },
  );
  const levelled = strata.map((list) =>
    list.map(
      (one, index): LevelStratum => ({ ...one, level: (["L1", "L2", "L3", "L4"] as const)[index] ?? null }),
    ),
  );

  test("more evidence never makes a met count unmet", () => {
    fc.assert(
      fc.property(levelled, fc.nat(3), fc.nat(100), fc.nat(2_000), (list, at, more, n) => {
        const richer = list.map((one, index) =>
          index === at % list.length ? ruledMore(one, { true_positive: more }) : one,
        );
        const [before, after] = [list, richer].map((given) => ofControl(evidence(given), "rulings"));
        expect(after?.met || !before?.met).toBe(true);
        for (const id of ["days", "decisions"]) {
          const was = ofUseCase({ decisions: n, days: { observed: n % 30, withTraffic: 1 } }, id);
          const is = ofUseCase(
            { decisions: n + more, days: { observed: (n % 30) + more, withTraffic: 1 } },
            id,
          );
          expect(is.met || !was.met).toBe(true);
        }
      }),
    );
  });

  test("another false ruling in place of a true one never makes a rate met", () => {
    fc.assert(
      fc.property(levelled, fc.nat(3), (list, at) => {
        const worse = list.map((one, index) =>
          index === at % list.length && one.sampled.true_positive > 0
            ? ruledMore(one, { true_positive: -1, false_positive: 1 })
            : one,
        );
        const [before, after] = [list, worse].map((given) => ofControl(evidence(given), "false-positives"));
        expect(before?.met || !after?.met).toBe(true);
      }),
    );
  });

  test("stricter limits never make a condition met", () => {
    fc.assert(
      fc.property(levelled, fc.nat(40), fc.nat(5_000), fc.nat(10), (list, observed, decisions, tighter) => {
        const strict = {
          days: limits.days + tighter,
          decisions: limits.decisions + tighter,
          rulings: limits.rulings + tighter,
          falsePositiveRate: limits.falsePositiveRate / (1 + tighter),
        };
        const seen = { ...enough, decisions, days: { observed, withTraffic: observed } };
        const all = (under: Limits) => [
          ...conditionsOfUseCase(seen, under),
          ...conditionsOfControl(evidence(list), under),
        ];
        const [loose, tight] = [all(limits), all(strict)];
        expect(tight.map(({ id }) => id)).toEqual(loose.map(({ id }) => id));
        for (const [index, condition] of tight.entries())
          expect(loose[index]?.met || !condition.met).toBe(true);
      }),
    );
  });

  test("what is met is within its limit as it is shown, and every figure is rounded to a thousandth", () => {
    fc.assert(
      fc.property(levelled, (list) => {
        const { met, measured } = ofControl(evidence(list), "false-positives");
        if (measured === null) {
          expect(met).toBe(false);
          return;
        }
        expect(met).toBe(measured <= limits.falsePositiveRate);
        expect(Math.abs(measured * 1000 - Math.round(measured * 1000))).toBeLessThan(1e-6);
      }),
    );
  });

  test("levels in another order give the same canonical text", () => {
    fc.assert(
      fc.property(levelled, (list) => {
        const [one, other] = [list, list.toReversed()].map((given) =>
          canonicalJson(conditionsOfControl(evidence(given), limits)),
        );
        expect(one).toBe(other);
      }),
    );
  });
});

test("the rule of three says nothing of three trials or fewer", () => {
  expect([0, 1, 3, 60, 3_000].map(ruleOfThree)).toEqual([1, 1, 1, 0.05, 0.001]);
});
