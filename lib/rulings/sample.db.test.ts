import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/lib/testing/database";
import { putPolicy, recordFindings, watching } from "@/lib/testing/findings";
import { as, type Cast, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { answerAppeal } from "./answer-appeal";
import { DRAWN_A_DAY, drawFindings, KEY_DOMAIN } from "./draw";
import { drawAhead } from "./draw-ahead";
import { readRulingEstimates } from "./estimates";
import { getRulingQueue } from "./get-queue";
import { openAppeal } from "./open-appeal";
import { ruleFinding } from "./rule-finding";
import { rulingWindow } from "./rules";
import { drawSample } from "./sample";

const test = useTestDatabase();
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR);
const window = rulingWindow(NOW);
let cast: Cast;

beforeAll(async () => {
  cast = await makeCast(test.db);
});

async function freshUseCase() {
  const { id, slug } = await makeUseCase(test.db, cast);
  await putPolicy(test.db, id, watching);
  return { id, slug };
}

/** A UUIDv7 of an instant, the same on every run. */
function fixedId(at: Date, seed: string): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  const hex = createHash("sha256").update(seed).digest("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

/** A use case whose id is the same on every run. */
async function fixedUseCase(slug: string) {
  const { id: template } = await makeUseCase(test.db, cast);
  const row = await test.db.useCase.findUniqueOrThrow({ where: { id: template } });
  const id = fixedId(NOW, slug);
  await test.db.useCase.create({ data: { ...row, id, slug: slug.replace(" ", "-") } });
  return { id, slug: slug.replace(" ", "-") };
}

/** The order that anybody can work out from what is public. */
function keyOf(useCaseId: string, control: string, decisionId: string): string {
  return createHash("sha256").update([KEY_DOMAIN, useCaseId, control, decisionId].join("|")).digest("hex");
}

describe("the random sample", () => {
  it("is the findings with the smallest keys of each control and level, whoever asks, how often, and in what order traffic came", async () => {
    const useCase = await freshUseCase();
    const early = Array.from({ length: 120 }, (_, at) => ({ at: ago(600 - at), level: 2 as const }));
    const first = await recordFindings(test.pool, useCase, early);
    await drawSample(test.db, { useCaseId: useCase.id, ...window }, 20);
    // More of the same days, and of later ones, after somebody has asked already.
    const second = await recordFindings(test.pool, useCase, [
      ...Array.from({ length: 80 }, (_, at) => ({ at: ago(590 - at), level: 2 as const })),
      ...Array.from({ length: 60 }, (_, at) => ({ at: ago(60 - at), level: 4 as const })),
      { at: ago(900), level: 2 as const },
    ]);
    const asked = await Promise.all(
      [1, 2, 3].map(() => drawSample(test.db, { useCaseId: useCase.id, ...window }, 20)),
    );
    const [sample] = asked;
    expect(asked[1]).toEqual(sample);
    expect(asked[2]).toEqual(sample);
    const all = [...first, ...second].filter(({ decidedAt }) => decidedAt >= window.from);
    for (const [level, fired] of [
      ["L2", 200],
      ["L4", 60],
    ] as const) {
      const stratum = sample?.find((each) => each.level === level);
      expect(stratum).toMatchObject({ control: "prompt-attack", fired, effects: { would_block: fired } });
      const expected = all
        .filter(({ findings }) => findings[0]?.level === level)
        .map(({ id }) => ({ id, key: keyOf(useCase.id, "prompt-attack", id) }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, stratum?.members.length)
        .map(({ id }) => id);
      expect(expected.length).toBeGreaterThan(4);
      expect(stratum?.members.map(({ decisionId }) => decisionId)).toEqual(expected);
    }
    expect(sample?.flatMap(({ members }) => members)).toHaveLength(20);
  });

  it("gives every finding the same chance: days and places in a day come in as often as they fired", async () => {
    // 30 use cases of 60 findings over 6 days, 12 drawn of each: chi-square over days, 5 degrees of freedom.
    const hits = new Array<number>(6).fill(0);
    for (let round = 0; round < 30; round++) {
      const useCase = await fixedUseCase(`chi ${round}`);
      const decisions = await recordFindings(
        test.pool,
        useCase,
        Array.from({ length: 60 }, (_, place) => {
          const at = new Date(ago(24 * 7).getTime() + place * 2.4 * HOUR);
          return { at, id: fixedId(at, `chi ${round} ${place}`) };
        }),
      );
      const [stratum] = await drawSample(test.db, { useCaseId: useCase.id, ...window }, 12);
      expect(stratum?.members).toHaveLength(12);
      for (const { decisionId } of stratum?.members ?? []) {
        const day = Math.floor(decisions.findIndex(({ id }) => id === decisionId) / 10);
        hits[day] = (hits[day] ?? 0) + 1;
      }
    }
    const chiSquare = hits.reduce((sum, n) => sum + (n - 60) ** 2 / 60, 0);
    // The 0.95 quantile. All ids are fixed, so it is the same on every run.
    expect(chiSquare, JSON.stringify(hits)).toBeLessThan(11.07);
  }, 60_000);

  it("takes in late decisions of days that were drawn before", async () => {
    const useCase = await freshUseCase();
    await recordFindings(test.pool, useCase, [{ at: ago(100) }]);
    const size = async () =>
      (await drawSample(test.db, { useCaseId: useCase.id, ...window }, 10)).flatMap(({ members }) => members)
        .length;
    expect(await size()).toBe(1);
    await recordFindings(test.pool, useCase, [{ at: ago(101) }, { at: ago(99) }]);
    expect(await size()).toBe(3);
  });
});

describe("what is kept of a day", () => {
  it("is its smallest keys, however often its hours are drawn again and by how many at once", async () => {
    const useCase = await freshUseCase();
    const day = new Date("2026-02-20T00:00:00Z").getTime();
    const draw = () => drawFindings(test.db, { useCaseId: useCase.id, ...window, keep: 50 });
    const recorded: string[] = [];
    for (const n of [150, 120, 1, 90]) {
      const findings = Array.from({ length: n }, (_, at) => ({ at: new Date(day + (at % 24) * HOUR + n) }));
      recorded.push(...(await recordFindings(test.pool, useCase, findings)).map(({ id }) => id));
      await Promise.all([draw(), draw(), draw()]);
    }
    await draw();
    const { rows } = await test.pool.query<{ key: string }>(
      "SELECT encode(key, 'hex') AS key FROM finding_draw WHERE use_case_id = $1 ORDER BY key",
      [useCase.id],
    );
    const keys = recorded.map((id) => keyOf(useCase.id, "prompt-attack", id)).sort();
    expect(rows.map(({ key }) => key).slice(0, DRAWN_A_DAY)).toEqual(keys.slice(0, DRAWN_A_DAY));
    // Whoever found another at it left its surplus; the next who draws that day takes it away.
    await recordFindings(test.pool, useCase, [{ at: new Date(day + HOUR) }]);
    await draw();
    const { rows: left } = await test.pool.query(
      "SELECT count(*)::int AS n FROM finding_draw WHERE use_case_id = $1",
      [useCase.id],
    );
    expect(left).toEqual([{ n: DRAWN_A_DAY }]);
  });
});

describe("the job that draws ahead", () => {
  it("draws what came in of every use case, and lets days go that no window reaches", async () => {
    const useCase = await freshUseCase();
    await recordFindings(test.pool, useCase, [{ at: ago(2) }, { at: ago(40) }, { at: ago(24 * 29) }]);
    const days = async () => {
      const { rows } = await test.pool.query<{ day: string; hours: number }>(
        `SELECT d.day::text, (SELECT count(*)::int FROM finding_draw_hour h
           WHERE h.use_case_id = d.use_case_id AND (h.hour AT TIME ZONE 'UTC')::date = d.day) AS hours
         FROM finding_draw d WHERE d.use_case_id = $1 ORDER BY 1`,
        [useCase.id],
      );
      return rows.map(({ day, hours }) => `${day} ${hours}`);
    };
    await drawAhead({ db: test.db, now: NOW });
    expect(await days()).toEqual(["2026-02-01 1", "2026-02-28 1", "2026-03-02 1"]);
    await drawAhead({ db: test.db, now: new Date(NOW.getTime() + 10 * 24 * HOUR) });
    expect(await days()).toEqual(["2026-02-28 1", "2026-03-02 1"]);
    await drawAhead({ db: test.db, now: NOW });
    expect(await days()).toEqual(["2026-02-01 1", "2026-02-28 1", "2026-03-02 1"]);
  });
});

describe("the estimate", () => {
  it("counts what was ruled from the queue, and what was picked or appealed only beside it", async () => {
    const useCase = await freshUseCase();
    await recordFindings(
      test.pool,
      useCase,
      Array.from({ length: 80 }, (_, at) => ({ at: ago(1 + at) })),
    );
    const lead = as(test.db, cast.lead);
    const queue = await getRulingQueue(lead, { useCase: useCase.slug });
    // Readiness of a moderate use case wants 30 rulings, and 10 % at most with one false among 53.
    expect(queue).toMatchObject({ target: 53, awaiting: 53, mayRule: { allowed: true } });
    expect(queue.items).toHaveLength(20);
    const [skipped, a, b, c] = queue.items;
    if (!skipped || !a || !b || !c) throw new Error("the queue hands out too few");
    const rule = (finding: typeof a, answer: "true_positive" | "false_positive", sampled: boolean) =>
      ruleFinding(lead, {
        decisionId: finding.decisionId,
        control: finding.control,
        answer,
        seen: 0,
        sampled,
      });
    await rule(a, "false_positive", true);
    await rule(b, "true_positive", true);
    const picked = await rule(c, "false_positive", false);
    expect(picked).toMatchObject({ basis: "picked", sample: null });
    const [estimate] = await readRulingEstimates(test.db, { useCaseId: useCase.id, ...window });
    expect(estimate).toEqual({
      control: "prompt-attack",
      level: "L2",
      fired: 80,
      asked: 53,
      sampled: { true_positive: 1, false_positive: 1, unsure: 0 },
      all: { true_positive: 1, false_positive: 2, unsure: 0 },
      leftOut: 0,
    });
    const after = await getRulingQueue(lead, { useCase: useCase.slug });
    expect(after.controls[0]).toMatchObject({ ruled: 2, asked: 53, passedOver: 1, gone: 0 });
    // What was passed over stays first, and what was only picked is still asked.
    expect(after.items.slice(0, 2).map(({ decisionId }) => decisionId)).toEqual([
      skipped.decisionId,
      c.decisionId,
    ]);
    expect(after.items[1]?.rulings).toHaveLength(1);
    expect(after.awaiting).toBe(51);
  });

  it("follows the latest word on a member of the sample, on appeal too", async () => {
    const useCase = await freshUseCase();
    const [decision] = await recordFindings(test.pool, useCase, [{ at: ago(1) }]);
    const finding = { decisionId: decision?.id ?? "", control: "prompt-attack" };
    await ruleFinding(as(test.db, cast.lead), {
      ...finding,
      answer: "true_positive",
      seen: 0,
      sampled: true,
    });
    const appeal = await openAppeal(as(test.db, cast.owner), {
      ...finding,
      reason: "This is our own red team's weekly test.",
    });
    await answerAppeal(as(test.db, cast.lead2), { id: appeal.ref, action: "overturn", note: "It is." });
    const [estimate] = await readRulingEstimates(test.db, { useCaseId: useCase.id, ...window });
    expect(estimate?.sampled).toEqual({ true_positive: 0, false_positive: 1, unsure: 0 });
  });

  it("lets a ruling go that the sample has moved away from, and refuses one from an old screen", async () => {
    const useCase = await freshUseCase();
    await recordFindings(
      test.pool,
      useCase,
      Array.from({ length: 30 }, (_, at) => ({ at: ago(200 + at) })),
    );
    const lead = as(test.db, cast.lead);
    const { items } = await getRulingQueue(lead, { useCase: useCase.slug });
    expect(items).toHaveLength(20);
    for (const { decisionId, control } of items) {
      await ruleFinding(lead, { decisionId, control, answer: "true_positive", seen: 0, sampled: true });
    }
    await recordFindings(
      test.pool,
      useCase,
      Array.from({ length: 600 }, (_, at) => ({ at: new Date(ago(100).getTime() + at * 60_000) })),
    );
    const [estimate] = await readRulingEstimates(test.db, { useCaseId: useCase.id, ...window });
    expect(estimate).toMatchObject({ fired: 630, asked: 53 });
    expect(estimate?.sampled.true_positive).toBeLessThan(15);
    expect(estimate?.all.true_positive).toBe(20);
    const sample = await drawSample(test.db, { useCaseId: useCase.id, ...window }, 53);
    const inside = new Set(sample.flatMap(({ members }) => members.map(({ decisionId }) => decisionId)));
    const outside = items.find(({ decisionId }) => !inside.has(decisionId));
    if (!outside) throw new Error("the sample did not move");
    await expect(
      ruleFinding(lead, { ...outside, answer: "unsure", seen: 1, sampled: true } as never),
    ).rejects.toMatchObject({ code: "conflict" });
  });
});
