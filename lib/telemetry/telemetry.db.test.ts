import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "@/lib/access/context";
import { createApi } from "@/lib/api/app";
import type { Decision } from "@/lib/pdp/decision";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { exampleDocument, someFacts } from "@/lib/policy/testing";
import { SENSITIVITIES } from "@/lib/policy/vocabulary";
import { useTestDatabase } from "@/lib/testing/database";
import { getBreakdown } from "./get-breakdown";
import { getDecision } from "./get-decision";
import { getLatency } from "./get-latency";
import { getObserved } from "./get-observed";
import { getOverview } from "./get-overview";
import { getSeries } from "./get-series";
import { getTokens } from "./get-tokens";
import { getUseCaseSummaries } from "./get-use-case-summaries";
import { listDecisions } from "./list-decisions";
import { ctxOf, decide, makePerson, makeUseCase, recordDecisions } from "./testing";

const database = useTestDatabase();
const START = new Date("2026-04-06T00:00:00.000Z");
const NOW = new Date("2026-04-08T06:30:00.000Z");
const HOUR = 3_600_000;
const instant = (ms: number) => new Date(START.getTime() + ms);
const WINDOW = { from: START, to: NOW };

const document: PolicyDocument = {
  ...exampleDocument,
  controls: {
    ...exampleDocument.controls,
    "prompt-attack": { mode: "enforce", sensitivity: "L2" },
    "tool-not-approved": { mode: "require_approval" },
  },
};
const policy = compile(document);
const enforcing = compile({ ...document, stage: "enforcing" });

/** Traffic of two use cases with gaps in it; the same on every run. */
function traffic(support: { id: string; slug: string }, agent: { id: string; slug: string }): Decision[] {
  let state = 7;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: 900 }, () => {
    const hour = [0, 1, 2, 5, 20, 21, 24, 30, 47, 53][random(10)] ?? 0;
    const useCase = random(3) === 0 ? agent : support;
    const facts = someFacts({
      useCase: useCase.slug,
      action: random(2) === 0 ? "prompt" : "tool_call",
      workload: ["gateway", "batch", "rogue"][random(3)] ?? "",
      model: ["openai/gpt-4o", "anthropic/claude", "mistral/large"][random(3)] ?? "",
      ...(random(2) === 0 ? { tool: ["send_money", "search_web", "rm_rf"][random(3)] ?? "" } : {}),
      ...(random(3) === 0 ? { signals: { "prompt-attack": ([1, 2, 3, 4] as const)[random(4)] ?? 1 } } : {}),
      ...(random(4) === 0 ? { links: { "evil.example": 3 as const, "api.example.com": 1 as const } } : {}),
      dataClass: random(2) === 0 ? "internal" : "confidential",
    });
    return decide({
      useCase,
      facts,
      at: instant(hour * HOUR + random(HOUR)),
      policy: useCase === agent ? enforcing : policy,
      different: {
        evaluatedUs: random(300),
        sessionId: `s${random(40)}`,
        kind: random(9) === 0 ? "observation" : "decision",
      },
    });
  });
}

let ctx: Ctx;
let decisions: Decision[];
let support: { id: string; slug: string };
let agent: { id: string; slug: string };
let lead: string;
let owner: string;
beforeAll(async () => {
  const { db, pool } = database;
  owner = await makePerson(db, ["risk_owner"], START);
  lead = await makePerson(db, ["security_lead"], START);
  support = await makeUseCase(db, "support-bot", { riskOwnerId: owner, now: START, document });
  agent = await makeUseCase(db, "agent", {
    riskOwnerId: owner,
    now: START,
    document: { ...document, stage: "enforcing" },
  });
  await makeUseCase(db, "bare", { riskOwnerId: owner, now: START });
  const workload = uuidv7();
  await db.workload.create({
    data: {
      id: workload,
      slug: "gateway",
      name: "Gateway",
      description: "",
      createdAt: START,
      useCases: { create: { useCaseId: support.id } },
    },
  });
  decisions = traffic(support, agent);
  await recordDecisions(pool, decisions);
  for (const hour of [3, 4, 22]) {
    await db.$executeRaw`INSERT INTO decision_point_hour (hour, name) VALUES (${instant(hour * HOUR)}, 'one')`;
  }
  await db.$executeRaw`INSERT INTO decision_point VALUES ('one', ${START}, ${new Date(NOW.getTime() - 5_000)}, 1), ('two', ${START}, ${START}, 1)`;
  ctx = ctxOf(db, lead, ["security_lead"], NOW);
});

const countBy = <T>(items: readonly T[], key: (item: T) => string | undefined) => {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const name = key(item);
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};
const withoutZeroes = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));

describe("series", () => {
  it.each([
    ["hour", "outcome", undefined],
    ["day", "wouldBe", undefined],
    ["hour", "wouldBe", "agent"],
    ["day", "outcome", "support-bot"],
  ] as const)("by %s and %s of %s equals a naive count over decisions", async (bucket, by, useCase) => {
    const found = await getSeries(ctx, { ...WINDOW, bucket, by, useCase });
    const mine = decisions.filter((decision) => useCase === undefined || decision.useCase === useCase);
    const size = bucket === "hour" ? HOUR : 24 * HOUR;
    for (const { at, counts } of found.buckets) {
      const inside = mine.filter(
        ({ decidedAt }) => Math.floor(decidedAt.getTime() / size) * size === Date.parse(at),
      );
      expect(withoutZeroes(counts ?? {})).toEqual(countBy(inside, (decision) => decision[by]));
    }
    expect(found.total).toBe(mine.length);
    expect(withoutZeroes(found.totals)).toEqual(countBy(mine, (decision) => decision[by]));
  });

  it("an hour is a gap when no decision point was up and no decision stands, and only then", async () => {
    const found = await getSeries(ctx, { ...WINDOW, bucket: "hour" });
    const known = new Set([0, 1, 2, 3, 4, 5, 20, 21, 22, 24, 30, 47, 53]);
    expect(found.buckets).toHaveLength(55);
    for (const [hour, bucket] of found.buckets.entries()) {
      expect([hour, bucket.gap, bucket.counts === null]).toEqual([hour, !known.has(hour), !known.has(hour)]);
    }
    expect(found.buckets[3]?.total).toBe(0);
    expect([found.gapHours, found.hours]).toEqual([42, 55]);
    const days = await getSeries(ctx, { ...WINDOW, bucket: "day" });
    expect(days.buckets.map(({ gap, gapHours }) => [gap, gapHours])).toEqual([
      [false, 15],
      [false, 21],
      [false, 6],
    ]);
  });

  it("asks for permission, and knows only use cases that there are", async () => {
    await expect(getSeries({ ...ctx, actor: null }, { ...WINDOW, bucket: "day" })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    await expect(getSeries(ctx, { ...WINDOW, bucket: "day", useCase: "none" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("breakdowns", () => {
  it("equal a naive count, and say how many there are in all", async () => {
    const found = await getBreakdown(ctx, { ...WINDOW, dimension: "tool", limit: 2 });
    const naive = countBy(decisions, ({ facts }) => facts.tool);
    expect(Object.fromEntries(found.rows.map(({ key, total }) => [key, total]))).toEqual(
      Object.fromEntries(
        Object.entries(naive)
          .sort(([, a], [, b]) => b - a)
          .slice(0, 2),
      ),
    );
    expect([found.of, found.total]).toEqual([3, Object.values(naive).reduce((a, b) => a + b, 0)]);
    for (const { key, parts } of found.rows) {
      expect(parts).toEqual(
        countBy(
          decisions.filter(({ facts }) => facts.tool === key),
          ({ outcome }) => outcome,
        ),
      );
    }
  });

  it("count findings by control and effect", async () => {
    const found = await getBreakdown(ctx, { ...WINDOW, dimension: "control", useCase: "agent" });
    const findings = decisions
      .filter(({ useCase }) => useCase === "agent")
      .flatMap((decision) => decision.findings);
    for (const { key, parts } of found.rows) {
      expect(parts).toEqual(
        countBy(
          findings.filter(({ control }) => control === key),
          ({ effect }) => effect,
        ),
      );
    }
    expect(found.total).toBe(findings.length);
  });

  it("latency counts every decision, its percentile in the bucket of the exact one", async () => {
    const found = await getLatency(ctx, WINDOW);
    const exact = decisions.map(({ evaluatedUs }) => evaluatedUs).sort((a, b) => a - b);
    expect(found.n).toBe(decisions.length);
    const p95 = exact[Math.ceil(exact.length * 0.95) - 1] ?? 0;
    expect(found.p95Us).toBe([16, 32, 64, 128, 256, 512].find((bound) => bound >= p95));
  });
});

describe("tokens", () => {
  it("by model, from whole hours, of one use case or of all", async () => {
    const rows = [
      [support.id, "openai/gpt-4o", "input", "one/0", 250],
      [support.id, "openai/gpt-4o", "input", "one/1", 50],
      [support.id, "openai/gpt-4o", "output", "one/0", 20],
      [agent.id, "mistral/large", "input", "one/0", 7],
      [agent.id, "mistral/large", "output", "one/0", 3],
    ];
    for (const row of rows) {
      await database.pool.query("INSERT INTO token_hour VALUES ($1, $6, $2, $3, $4, $5)", [
        ...row,
        instant(2 * HOUR),
      ]);
    }
    expect(await getTokens(ctx, WINDOW)).toMatchObject({
      input: 307,
      output: 23,
      models: [
        { model: "openai/gpt-4o", input: 300, output: 20 },
        { model: "mistral/large", input: 7, output: 3 },
      ],
      of: 2,
    });
    expect(await getTokens(ctx, { ...WINDOW, useCase: "agent" })).toMatchObject({
      input: 7,
      output: 3,
      of: 1,
    });
    expect(await getTokens(ctx, { from: instant(3 * HOUR), to: NOW })).toMatchObject({
      input: 0,
      output: 0,
      models: [],
    });
  });
});

describe("the explorer", () => {
  const walk = async (filter: object, limit: number) => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDecisions(ctx, { ...WINDOW, ...filter, limit, cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return ids;
  };

  it.each([
    [{}, () => true],
    [{ useCase: "agent", outcome: "block" }, (d: Decision) => d.useCase === "agent" && d.outcome === "block"],
    [
      { wouldBe: "require_approval", tool: "rm_rf" },
      (d: Decision) => d.wouldBe === "require_approval" && d.facts.tool === "rm_rf",
    ],
    [
      { workload: "rogue", model: "mistral/large" },
      (d: Decision) => d.facts.workload === "rogue" && d.facts.model === "mistral/large",
    ],
    [
      { control: "prompt-attack", kind: "observation" },
      (d: Decision) => d.kind === "observation" && d.findings.some((f) => f.control === "prompt-attack"),
    ],
    [
      { session: "s7", dataClass: "internal" },
      (d: Decision) => d.sessionId === "s7" && d.facts.dataClass === "internal",
    ],
    [
      { from: instant(HOUR / 3), to: instant(24.7 * HOUR), outcome: "flag" },
      (d: Decision) =>
        d.outcome === "flag" && d.decidedAt >= instant(HOUR / 3) && d.decidedAt < instant(24.7 * HOUR),
    ],
  ] as const)("pages %j without loss or duplicates and counts it exactly", async (filter, admits) => {
    const expected = decisions
      .filter(admits)
      .sort((a, b) => b.decidedAt.getTime() - a.decidedAt.getTime() || (a.id < b.id ? 1 : -1))
      .map(({ id }) => id);
    expect(await walk(filter, 37)).toEqual(expected);
    const page = await listDecisions(ctx, { ...WINDOW, ...filter, limit: 5 });
    expect(page.of).toEqual({ n: expected.length, exact: true });
    expect(expected.length).toBeGreaterThan(0);
  });

  it("pages through equal instants, one at a time", async () => {
    const at = instant(49 * HOUR + 1);
    const twins = Array.from({ length: 7 }, () =>
      decide({ useCase: support, facts: someFacts({ tool: "search_twins" }), at, policy }),
    );
    await recordDecisions(database.pool, twins);
    expect(await walk({ tool: "search_twins" }, 1)).toEqual(
      twins
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    await database.db.$executeRaw`ALTER TABLE decision DISABLE TRIGGER append_only`;
    await database.db.$executeRaw`DELETE FROM decision WHERE decided_at = ${at}`;
    await database.db.$executeRaw`ALTER TABLE decision ENABLE TRIGGER append_only`;
    for (const table of ["decision_hour", "series_hour", "control_hour", "dimension_hour"]) {
      await database.db.$executeRawUnsafe(`DELETE FROM ${table} WHERE hour = $1`, instant(49 * HOUR));
    }
  });

  it("refuses a cursor that is none", async () => {
    await expect(listDecisions(ctx, { ...WINDOW, cursor: "bm9uZQ" })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("shows one decision with its facts, its policy and its session in order", async () => {
    const decision = decisions.find(({ sessionId, findings }) => sessionId === "s3" && findings.length > 0);
    const found = await getDecision(ctx, { id: decision?.id ?? "" });
    expect(found.facts).toEqual(decision?.facts);
    expect(found.findings).toEqual(decision?.findings);
    expect(found.policy?.version).toBe(1);
    expect(found.policy?.cedar).toContain("forbid");
    const session = decisions
      .filter(({ sessionId, useCaseId }) => sessionId === "s3" && useCaseId === decision?.useCaseId)
      .sort((a, b) => a.decidedAt.getTime() - b.decidedAt.getTime() || (a.id < b.id ? -1 : 1));
    expect(found.chain.map(({ id }) => id)).toEqual(session.map(({ id }) => id));
    expect(found.chainOf).toBe(session.length);
    await expect(getDecision(ctx, { id: uuidv7() })).rejects.toMatchObject({ code: "not_found" });
    await expect(getDecision(ctx, { id: "x" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("exports exactly the filter as CSV, safe against formulas, and says so in the audit log", async () => {
    const formula = decide({
      useCase: support,
      facts: someFacts({ tool: "=cmd()" }),
      at: instant(20 * HOUR + 3),
      policy,
      different: { sessionId: "@sum" },
    });
    await recordDecisions(database.pool, [formula]);
    decisions.push(formula);
    const api = createApi({
      db: () => database.db,
      authenticate: async () => (ctx.actor?.kind === "person" ? ctx.actor : null),
      now: () => NOW,
    });
    const query = new URLSearchParams({
      from: START.toISOString(),
      to: NOW.toISOString(),
      useCase: "support-bot",
      limit: "50",
    });
    const answer = await api.request(`/api/v1/telemetry/decisions?${query}`, {
      headers: { accept: "text/csv" },
    });
    expect(answer.headers.get("content-type")).toContain("text/csv");
    const lines = (await answer.text()).trimEnd().split("\n");
    const mine = decisions.filter(({ useCase }) => useCase === "support-bot");
    expect(lines).toHaveLength(mine.length + 1);
    expect(lines.find((line) => line.startsWith(formula.id))).toContain(",'=cmd(),");
    expect(lines.find((line) => line.startsWith(formula.id))).toContain(",'@sum,");
    const same = await api.request(`/api/v1/telemetry/decisions.csv?${query}`);
    expect((await same.text()).trimEnd().split("\n")).toEqual(lines);
    const entries = await database.db.auditEntry.findMany({ where: { action: "list.exported" } });
    expect(entries.map(({ useCase, detail }) => [useCase, (detail as { n: number }).n])).toEqual([
      ["support-bot", mine.length],
      ["support-bot", mine.length],
    ]);
    const refused = await api.request(`/api/v1/telemetry/decisions.csv?${query}&colour=red`);
    expect(refused.status).toBe(400);
  });
});

describe("what is observed", () => {
  it("stands beside what is declared, with what each level would have fired on", async () => {
    const found = await getObserved(ctx, { ...WINDOW, useCase: "support-bot" });
    const mine = decisions.filter(({ useCase }) => useCase === "support-bot");
    expect(found.decisions).toBe(mine.length);
    const models = found.fields.models;
    expect(Object.fromEntries(models.seen.map(({ value, n }) => [value, n]))).toEqual(
      countBy(mine, ({ facts }) => facts.model),
    );
    expect(models.seen.map(({ value, isDeclared }) => [value, isDeclared])[0]).toEqual([
      "mistral/large",
      false,
    ]);
    expect(found.fields.tools.unused).toEqual([]);
    expect(found.fields.purposes).toMatchObject({ seen: [], unused: ["customer-support"] });
    expect(
      found.fields.workloads.seen.filter(({ isDeclared }) => isDeclared).map(({ value }) => value),
    ).toEqual(["gateway"]);
    const first = mine
      .filter(({ facts }) => facts.tool === "rm_rf")
      .map(({ decidedAt }) => decidedAt.getTime());
    expect(found.fields.tools.seen.find(({ value }) => value === "rm_rf")?.firstSeenAt).toBe(
      new Date(Math.floor(Math.min(...first) / HOUR) * HOUR).toISOString(),
    );
    for (const control of ["prompt-attack", "unknown-links"]) {
      const levels = found.levels.find((one) => one.control === control);
      for (const sensitivity of SENSITIVITIES) {
        const at = compile({
          ...document,
          controls: { [control]: { mode: "log", sensitivity } },
          limited: { ...document.limited, controls: [] },
        });
        expect([control, sensitivity, levels?.fired[sensitivity]]).toEqual([
          control,
          sensitivity,
          mine.filter(({ facts }) => at.firedBy(facts).includes(control)).length,
        ]);
      }
    }
  });

  it("sums the last seven days up for the register", async () => {
    const found = await getUseCaseSummaries(ctx);
    const mine = decisions.filter(({ useCase }) => useCase === "support-bot");
    const wouldBlock = mine.filter(
      ({ outcome, wouldBe }) => wouldBe === "block" && outcome !== "block",
    ).length;
    expect(found.get(support.id)).toMatchObject({
      decisions: mine.length,
      wouldBlock,
      wouldBlockRate: wouldBlock / mine.length,
    });
    expect(found.get(agent.id)?.wouldBlock).toBe(0);
  });
});

describe("the overview", () => {
  it("says what waits on whom, where each use case stands, and how healthy telemetry is", async () => {
    const submitted = await makeException("submitted", { start: 0, days: 30, reviewDays: 20 });
    const due = await makeException("approved", { start: -10, days: 20, reviewDays: 12 });
    const old = await makeException("approved", { start: -100, days: 300, reviewDays: 250 });
    const change = uuidv7();
    await database.db.changeRequest.create({
      data: {
        id: change,
        subject: "policy",
        useCaseId: support.id,
        baseVersion: 1,
        proposal: {},
        proposalDigest: "p",
        direction: "loosens",
        justification: "Because it is needed.",
        status: "in_review",
        requestedById: lead,
        createdAt: START,
        submittedAt: START,
        evidenceDigest: "e",
      },
    });
    const mine = await getOverview(ctx, WINDOW);
    expect(mine.queue.map(({ kind, id }) => [kind, id])).toEqual([
      ["exception_approval", submitted],
      ["exception_review", due],
    ]);
    const theirs = await getOverview(ctxOf(database.db, owner, ["risk_owner"], NOW), WINDOW);
    expect(theirs.queue.map(({ kind, id }) => [kind, id])).toEqual([
      ["change_approval", change],
      ["exception_review", due],
      ["exception_expiring", due],
      ["drift", support.id],
      ["drift", agent.id],
    ]);
    expect(theirs.queue.at(-1)).toMatchObject({
      ref: expect.stringMatching(/^of \d+ values$/),
      href: "/telemetry/drift?useCase=agent",
    });
    const auditor = await getOverview(
      ctxOf(database.db, await makePerson(database.db, ["auditor"], NOW), ["auditor"], NOW),
      WINDOW,
    );
    expect(auditor.queueOf).toBe(0);
    expect(mine.ladder.map(({ stage, useCases }) => [stage, useCases.map(({ slug }) => slug)])).toEqual([
      ["logging", ["support-bot"]],
      ["limited", []],
      ["enforcing", ["agent"]],
    ]);
    expect(mine.withoutPolicy.map(({ slug }) => slug)).toEqual(["bare"]);
    expect(mine.exceptionsInForce).toBe(2);
    expect(mine.exceptionsByAge.map(({ n }) => n)).toEqual([0, 1, 0, 1]);
    expect(old).toBeTruthy();
    const blocks = decisions.filter(
      ({ outcome, wouldBe }) => wouldBe === "block" && outcome !== "block",
    ).length;
    expect([mine.wouldBlock, mine.series.total, mine.previous.total]).toEqual([blocks, decisions.length, 0]);
    expect(mine.topWouldBlocks.rows[0]?.key).toBe("prompt-attack");
    expect(mine.health.decisionPoints.map(({ name, up }) => [name, up])).toEqual([
      ["one", true],
      ["two", false],
    ]);
    const last = Math.max(...decisions.map(({ decidedAt }) => decidedAt.getTime()));
    expect(mine.health).toMatchObject({
      lastDecisionAt: new Date(last).toISOString(),
      newestAnchoredAt: null,
      gapHours: 42,
    });
    expect(mine.health.unanchoredBatches).toBeGreaterThan(0);
  });

  async function makeException(
    status: "submitted" | "approved",
    terms: { start: number; days: number; reviewDays: number },
  ) {
    const id = uuidv7();
    const day = (n: number) => new Date(NOW.getTime() + n * 24 * HOUR);
    await database.db.policyException.create({
      data: {
        id,
        useCaseId: support.id,
        controls: ["prompt-attack"],
        scope: {},
        justification: "x".repeat(40),
        compensatingControls: "none",
        category: "waiver",
        riskOwnerId: owner,
        businessOwnerId: await makePerson(database.db, [], START),
        requestedById: await makePerson(database.db, ["application_owner"], START),
        startsAt: day(terms.start),
        expiresAt: day(terms.start + terms.days),
        reviewAt: day(terms.start + terms.reviewDays),
        status,
        createdAt: day(terms.start),
        submittedAt: day(terms.start),
        termsDigest: "",
        ...(status === "approved" ? { decidedById: lead, decidedAt: day(terms.start) } : {}),
      },
    });
    return id;
  }
});
