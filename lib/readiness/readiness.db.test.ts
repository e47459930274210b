import { beforeAll, describe, expect, test } from "vitest";
import type { Decision } from "@/lib/pdp/decision";
import { canonicalJson } from "@/lib/policy/canonical";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { someFacts } from "@/lib/policy/testing";
import { answerAppeal } from "@/lib/rulings/answer-appeal";
import { getRulingQueue } from "@/lib/rulings/get-queue";
import { keepCase } from "@/lib/rulings/keep-case";
import { openAppeal } from "@/lib/rulings/open-appeal";
import { ruleFinding } from "@/lib/rulings/rule-finding";
import { addVersion, decide, recordDecisions } from "@/lib/telemetry/testing";
import { testApi } from "@/lib/testing/api";
import { buildDocument, buildFloorVersion } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, DAY_MS, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { getReadiness } from "./get-readiness";
import { getSensitivity } from "./get-sensitivity";
import { measureReadiness } from "./measure-readiness";
import type { ReadinessView, UseCaseReadiness } from "./views";

const database = useTestDatabase();
const HOUR_MS = 3_600_000;
let cast: Cast;
beforeAll(async () => {
  cast = await makeCast(database.db);
});

const controls = {
  secrets: { mode: "enforce", sensitivity: "L2" },
  "pii/email": { mode: "log", sensitivity: "L1" },
  "tool-not-approved": { mode: "enforce" },
  "moderation/hate": { mode: "enforce", sensitivity: "L2" },
  "custom/no-legal-advice": { mode: "enforce", sensitivity: "L2", phrases: ["legal advice"] },
} as const satisfies PolicyDocument["controls"];
const before = buildDocument(controls);
const limited: PolicyDocument = {
  ...before,
  stage: "limited",
  limited: { controls: ["secrets", "tool-not-approved"], cohort: { percent: 10, workloads: [] } },
};
const enforcing: PolicyDocument = { ...before, stage: "enforcing" };

/** A use case whose version 2 is `before`, with `perDay` prompts on each of the last days, all at noon. */
async function observed(
  days: number,
  perDay: number,
  facts: Parameters<typeof someFacts>[0][] = [{}],
): Promise<{ id: string; slug: string }> {
  const useCase = await makeUseCase(database.db, cast);
  await addVersion(database.db, useCase.id, 2, before, NOW);
  const policy = compile(before);
  const decisions: Decision[] = [];
  for (let day = 1; day <= days; day++)
    for (let n = 0; n < perDay; n++) {
      const different = facts[n % facts.length] ?? {};
      decisions.push(
        decide({
          useCase,
          facts: someFacts({ useCase: useCase.slug, ...different }),
          at: new Date(NOW.getTime() - day * DAY_MS + n * 1000),
          policy,
          version: 2,
        }),
      );
    }
  await recordDecisions(database.pool, decisions);
  return useCase;
}

/** Says of every hour of the last days that a decision point was up, but of those given (hours before `NOW`). */
async function up(days: number, butHoursAgo: number[] = []): Promise<void> {
  const hours = Array.from({ length: days * 24 + 1 }, (_, ago) => ago).filter(
    (ago) => !butHoursAgo.includes(ago),
  );
  await database.pool.query(
    `INSERT INTO decision_point_hour (hour, name) SELECT date_trunc('hour', t, 'UTC'), 'one' FROM unnest($1::timestamptz[]) AS t
     ON CONFLICT DO NOTHING`,
    [hours.map((ago) => new Date(NOW.getTime() - ago * HOUR_MS))],
  );
}

async function measure(useCase: { id: string }, base: PolicyDocument, proposal: PolicyDocument) {
  return measureReadiness(database.db, { useCaseId: useCase.id, base, proposal, now: NOW });
}

const texts = (view: ReadinessView) => Object.fromEntries(view.conditions.map(({ id, text }) => [id, text]));
const met = (view: ReadinessView) => view.conditions.filter((one) => one.met).map(({ id }) => id);

describe("on recorded traffic", () => {
  let useCase: { id: string; slug: string };
  beforeAll(async () => {
    await up(20);
    useCase = await observed(10, 120, [
      {},
      { signals: { secrets: 1 } },
      { signals: { secrets: 2 } },
      { signals: { secrets: 4 } },
      { action: "completion" },
    ]);
  });

  test("the next stage names what it switches on, and measures each condition", async () => {
    const view = await measure(useCase, before, limited);
    expect(view).toMatchObject({
      schema: "sluice.readiness/v1",
      asked: true,
      tier: "moderate",
      controls: ["secrets", "tool-not-approved"],
    });
    expect(texts(view)).toMatchObject({
      days: "10 of 7 days",
      decisions: "1,200 of 1,000 decisions",
      telemetry: "0 of 240 hours without telemetry, limit 0",
      "risk-owner": "the risk owner is active",
      "application-owner": "1 of 1 application owner active, at least 1",
      appeals: "no open appeal",
      "rulings:secrets": "no rulings yet: 0 of 30 rulings",
      "false-positives:tool-not-approved":
        "not tried: nothing that it looks at was recorded (no request named a tool); nothing is known of its false positives, limit 10 %",
    });
    expect(met(view)).toEqual([
      "days",
      "decisions",
      "telemetry",
      "risk-owner",
      "application-owner",
      "appeals",
      "rulings:tool-not-approved",
    ]);
  });

  test("everything that acts counts when all is switched on, and what nobody looked for is not taken as quiet", async () => {
    const view = await measure(useCase, before, enforcing);
    expect(view.controls).toEqual([
      "custom/no-legal-advice",
      "moderation/hate",
      "secrets",
      "tool-not-approved",
    ]);
    expect(texts(view)["false-positives:moderation/hate"]).toBe(
      "not tried: it fires on signals from outside only, and none came in 1,200 decisions; nothing is known of its false positives, limit 10 %",
    );
    expect(met(view)).not.toContain("false-positives:moderation/hate");
    expect(texts(view)["rulings:custom/no-legal-advice"]).toBe(
      "nothing to rule: it did not fire in 1,200 decisions",
    );
    expect(met(view)).toContain("false-positives:custom/no-legal-advice");
  });

  test("phrases that were not looked for then are not known now", async () => {
    const other = { ...controls["custom/no-legal-advice"], phrases: ["sue them"] };
    const view = await measure(useCase, before, {
      ...enforcing,
      controls: { ...controls, "custom/no-legal-advice": other },
    });
    expect(texts(view)["decisions:custom/no-legal-advice"]).toBe(
      "0 of 1,000 decisions since it looks for this (1,200 before do not count)",
    );
    expect(met(view)).not.toContain("false-positives:custom/no-legal-advice");
  });

  test("a change that moves nothing up asks for nothing", async () => {
    expect(await measure(useCase, enforcing, limited)).toMatchObject({
      asked: false,
      controls: [],
      conditions: [],
    });
    const quiet = { ...before, capture: "none" } as const;
    expect(await measure(useCase, before, quiet)).toMatchObject({ asked: false, conditions: [] });
  });

  test("measured twice it is the same to the byte, a second later too", async () => {
    const [one, two] = [
      await measure(useCase, before, enforcing),
      await measureReadiness(database.db, {
        useCaseId: useCase.id,
        base: before,
        proposal: enforcing,
        now: new Date(NOW.getTime() + 1000),
      }),
    ];
    expect(canonicalJson(two)).toBe(canonicalJson(one));
  });

  test("an owner who left, and one whose role was taken, are not active", async () => {
    await database.db.person.update({ where: { id: cast.risk.id }, data: { deactivatedAt: NOW } });
    await database.db.roleGrant.deleteMany({ where: { personId: cast.owner.id } });
    try {
      const view = await measure(useCase, before, limited);
      expect(texts(view)).toMatchObject({
        "risk-owner": "the named risk owner is deactivated",
        "application-owner": "0 of 1 application owner active, at least 1",
      });
      expect(met(view)).not.toContain("risk-owner");
      expect(met(view)).not.toContain("application-owner");
    } finally {
      await database.db.person.update({ where: { id: cast.risk.id }, data: { deactivatedAt: null } });
      await database.db.roleGrant.create({
        data: { personId: cast.owner.id, role: "application_owner", grantedAt: NOW },
      });
    }
  });

  test("decisions that could be kept nowhere make telemetry incomplete", async () => {
    await database.pool.query(
      "INSERT INTO ingest_gap (id, decision_point, from_at, to_at, late, refused) VALUES (gen_random_uuid(), 'one', $1, $1, 9, 3)",
      [new Date(NOW.getTime() - 2 * DAY_MS)],
    );
    try {
      const view = await measure(useCase, before, limited);
      expect(texts(view)["telemetry"]).toContain("3 decisions could not be kept");
      expect(met(view)).not.toContain("telemetry");
    } finally {
      await database.pool.query("DELETE FROM ingest_gap");
    }
  });

  test("the floor counts on both sides: what it enforces already does not move", async () => {
    const slug = (await database.db.useCase.findUniqueOrThrow({ where: { id: useCase.id } })).slug;
    await database.db.useCase.update({ where: { slug }, data: { dataClass: "restricted" } });
    const floor = buildDocument({ secrets: { mode: "enforce", sensitivity: "L2" } });
    await buildFloorVersion(database.db, "restricted", floor);
    const logged = { ...controls, secrets: { mode: "log", sensitivity: "L2" } } as const;
    const view = await measure(useCase, { ...before, controls: logged }, before);
    expect(view.asked).toBe(false);
    await database.db.useCase.update({ where: { slug }, data: { dataClass: "internal" } });
    expect((await measure(useCase, { ...before, controls: logged }, before)).controls).toEqual(["secrets"]);
  });
});

test("nothing recorded is nothing known", async () => {
  const useCase = await makeUseCase(database.db, cast);
  const view = await measure(useCase, before, limited);
  expect(texts(view)).toMatchObject({
    days: "0 of 7 days",
    decisions: "0 of 1,000 decisions",
    telemetry: "no telemetry yet",
  });
  expect(met(view)).toEqual([
    "risk-owner",
    "application-owner",
    "appeals",
    "rulings:secrets",
    "rulings:tool-not-approved",
  ]);
});

test("an hour in which no decision point was up is missing, a quiet one is not", async () => {
  const useCase = await observed(3, 1);
  await database.pool.query("DELETE FROM decision_point_hour");
  await up(3, [5, 6]);
  const others = await database.pool.query<{ n: number }>(
    "SELECT count(DISTINCT hour)::int AS n FROM series_hour WHERE hour IN ($1, $2)",
    [new Date(NOW.getTime() - 5 * HOUR_MS), new Date(NOW.getTime() - 6 * HOUR_MS)],
  );
  expect(others.rows[0]?.n).toBe(0);
  const view = await measure(useCase, before, limited);
  expect(texts(view)["telemetry"]).toBe("2 of 72 hours without telemetry, limit 0");
  await up(20);
});

test("weekends without traffic are observed days as long as telemetry was up", async () => {
  const useCase = await makeUseCase(database.db, cast);
  const policy = compile(before);
  const at = (day: number) => new Date(NOW.getTime() - day * DAY_MS);
  await recordDecisions(
    database.pool,
    [9, 8, 3].map((day) =>
      decide({ useCase, facts: someFacts({ useCase: useCase.slug }), at: at(day), policy, version: 1 }),
    ),
  );
  await up(20);
  expect(texts(await measure(useCase, before, limited))["days"]).toBe("7 of 7 days, 3 of them with traffic");
});

describe("GET /use-cases/{slug}/readiness", () => {
  test("shows the next step and what each control lacks, to everybody who may read telemetry", async () => {
    const useCase = await observed(2, 10, [{ signals: { secrets: 1 } }]);
    const { call } = testApi(database, () => NOW);
    const answer = await call<UseCaseReadiness>(cast.auditor, "GET", `/use-cases/${useCase.slug}/readiness`);
    expect(answer.status).toBe(200);
    expect(answer.body.mends).toEqual({ rule: false, nameOwners: false });
    expect(answer.body.stage).toBe("logging");
    expect(answer.body.step?.to).toBe("limited");
    expect(answer.body.step?.readiness.asked).toBe(true);
    expect(answer.body.controls.map(({ control, acts }) => [control, acts])).toEqual(
      Object.keys(controls)
        .sort()
        .map((control) => [control, false]),
    );
    const secrets = answer.body.controls.find(({ control }) => control === "secrets");
    expect(secrets?.conditions.map(({ text }) => text)).toEqual([
      "no rulings yet: 0 of 30 rulings (it fired 20 times in all)",
      "false positives not known, limit 10 %",
    ]);
    expect((await call(cast.auditor, "GET", "/use-cases/nowhere/readiness")).status).toBe(404);
    expect((await call(null, "GET", `/use-cases/${useCase.slug}/readiness`)).status).toBe(401);
  });

  test("ends at the end of the ladder", async () => {
    const useCase = await makeUseCase(database.db, cast);
    await addVersion(database.db, useCase.id, 2, enforcing, NOW);
    const view = await getReadiness(as(database.db, cast.lead), { slug: useCase.slug });
    expect(view.step).toBeNull();
    expect(view.mends).toEqual({ rule: true, nameOwners: true });
    expect(view.controls.map(({ control }) => control)).toEqual(["pii/email"]);
  });
});

describe("with rulings, appeals and kept cases", () => {
  const watching = buildDocument({ secrets: { mode: "enforce", sensitivity: "L4" } });
  const acting: PolicyDocument = { ...watching, stage: "enforcing" };
  let useCase: { id: string; slug: string };
  let findings: Decision[];
  beforeAll(async () => {
    useCase = await makeUseCase(database.db, cast);
    await addVersion(database.db, useCase.id, 2, watching, NOW);
    const policy = compile(watching);
    const at = (n: number) => new Date(NOW.getTime() - (1 + (n % 9)) * DAY_MS + n * 1000);
    findings = Array.from({ length: 60 }, (_, n) =>
      decide({
        useCase,
        facts: someFacts({ useCase: useCase.slug, signals: { secrets: n < 40 ? 1 : 3 } }),
        at: at(n),
        policy,
        version: 2,
      }),
    );
    await recordDecisions(database.pool, findings);
  });

  /** Rules so much of the queue, all true but the first ones. */
  async function rule(n: number, wrong: number): Promise<void> {
    const lead = as(database.db, cast.lead);
    const { items } = await getRulingQueue(lead, { useCase: useCase.slug });
    for (const [index, { decisionId, control }] of items.slice(0, n).entries()) {
      const answer = index < wrong ? "false_positive" : "true_positive";
      await ruleFinding(lead, { decisionId, control, answer, seen: 0, sampled: true });
    }
  }

  const find = async (id: string, proposal = acting) =>
    (await measure(useCase, watching, proposal)).conditions.find((one) => one.id === id);

  test("rulings from the queue count, and bound the rate as they go on", async () => {
    expect(await find("rulings:secrets")).toMatchObject({ met: false, measured: 0, limit: 30 });
    await rule(20, 0);
    await rule(10, 0);
    expect(await find("rulings:secrets")).toMatchObject({ met: true, text: "30 of 30 rulings" });
    const rate = await find("false-positives:secrets");
    expect(rate?.text).toMatch(/^false positives 0–\d+(\.\d)? % at 95 %, limit 10 %$/);
    const before = rate?.measured ?? 0;
    await rule(5, 5);
    expect((await find("false-positives:secrets"))?.measured).toBeGreaterThan(before);
    expect((await find("false-positives:secrets"))?.met).toBe(false);
  });

  test("the dial shows each level with its rulings, all of those before it included", async () => {
    const view = await getSensitivity(as(database.db, cast.auditor), { slug: useCase.slug });
    const secrets = view.controls.find(({ control }) => control === "secrets");
    expect(secrets).toMatchObject({ mode: "enforce", sensitivity: "L4", of: 60 });
    expect(secrets?.levels.map(({ level, fired }) => [level, fired])).toEqual([
      ["L1", 40],
      ["L2", 40],
      ["L3", 60],
      ["L4", 60],
    ]);
    const widest = secrets?.levels.at(-1);
    expect(widest?.rulings).toEqual({ true_positive: 30, false_positive: 5, unsure: 0 });
    expect(widest?.unruled).toBe(25);
    const [narrow] = secrets?.levels ?? [];
    expect((narrow?.rulings.true_positive ?? 0) + (narrow?.unruled ?? 0)).toBeLessThanOrEqual(40);
    expect(widest?.falsePositives?.high).toBeGreaterThan(widest?.falsePositives?.low ?? 1);
  });

  test("a narrower sensitivity leaves out what it would not fire on", async () => {
    const narrower: PolicyDocument = {
      ...acting,
      controls: { secrets: { mode: "enforce", sensitivity: "L1" } },
    };
    const [all, some] = [await find("rulings:secrets"), await find("rulings:secrets", narrower)];
    expect(some?.measured).toBeLessThan(all?.measured ?? 0);
  });

  test("a level that nobody set fires in the same way from the facts", async () => {
    const narrow = buildDocument({ secrets: { mode: "log", sensitivity: "L1" } });
    await addVersion(database.db, useCase.id, 3, narrow, NOW);
    const view = await getSensitivity(as(database.db, cast.auditor), { slug: useCase.slug });
    const secrets = view.controls.find(({ control }) => control === "secrets");
    expect(secrets?.levels.map(({ fired }) => fired)).toEqual([40, 40, 60, 60]);
  });

  test("an open appeal and a kept case that no longer holds are said, the case on every change", async () => {
    const finding = { decisionId: findings[0]?.id ?? "", control: "secrets" };
    const reason = "The key in this text is the documented example of the vendor.";
    await openAppeal(as(database.db, cast.owner), { ...finding, reason });
    expect(await find("appeals")).toMatchObject({ met: false, text: "1 open appeal, limit 0" });
    const lead = as(database.db, cast.lead);
    const { id } = await database.db.appeal.findFirstOrThrow({ where: { useCaseId: useCase.id } });
    await answerAppeal(lead, { id, action: "overturn", note: "It is the example indeed." });
    expect(await find("appeals")).toMatchObject({ met: true });
    await keepCase(lead, { ...finding, name: "The vendor's example key" });
    expect(await find("cases")).toMatchObject({ met: false, measured: 0, limit: 1 });
    expect((await find("cases"))?.text).toContain("“The vendor's example key” (secrets must not fire)");
    const quiet = await measure(useCase, acting, watching);
    expect(quiet).toMatchObject({ asked: false, conditions: [{ id: "cases", met: false }] });
    const off = await measure(useCase, acting, buildDocument());
    expect(off).toMatchObject({ asked: false, conditions: [{ id: "cases", met: true }] });
  });
});
