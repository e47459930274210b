import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Decision } from "@/lib/pdp/decision";
import { createRecorder } from "@/lib/pdp/record";
import type { DecisionPoint } from "@/lib/pdp/server";
import { type CompiledPolicy, compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { someFacts } from "@/lib/policy/testing";
import { addVersion, decide } from "@/lib/telemetry/testing";
import { buildDocument, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import { type Cast, DAY_MS, makeCast, makeUseCase, NOW } from "@/lib/testing/people";
import { measureReadiness } from "./measure-readiness";
import type { ReadinessCondition } from "./views";

const database = useTestDatabase();
const HOUR_MS = 3_600_000;
const before = buildDocument({ secrets: { mode: "enforce", sensitivity: "L2" } });
const acting: PolicyDocument = { ...before, stage: "enforcing" };
const ago = (ms: number) => new Date(NOW.getTime() - ms);
let cast: Cast;
let policy: CompiledPolicy;
beforeAll(async () => {
  cast = await makeCast(database.db);
  policy = compile(before);
});

type UseCase = { id: string; slug: string };

async function fresh(): Promise<UseCase> {
  const useCase = await makeUseCase(database.db, cast);
  await addVersion(database.db, useCase.id, 2, before, ago(40 * DAY_MS));
  return useCase;
}

/** So many of a use case, a second apart from an instant on. */
function many(useCase: UseCase, from: Date, n: number, different: Partial<Decision> = {}): Decision[] {
  const facts = someFacts({ useCase: useCase.slug });
  return Array.from({ length: n }, (_, at) =>
    decide({ useCase, facts, at: new Date(from.getTime() + at * 1000), policy, version: 2, different }),
  );
}
const told = (useCase: UseCase, from: Date, n: number) => many(useCase, from, n, { kind: "observation" });

/** As a decision point writes them at an instant. */
function write(decisions: Decision[], at = NOW): Promise<void> {
  return createRecorder(database.pool, { shard: "told", now: () => at, timeoutMs: 60_000 }).recordAll(
    decisions,
  );
}

async function conditions(useCase: UseCase): Promise<Map<string, ReadinessCondition>> {
  const asked = { useCaseId: useCase.id, base: before, proposal: acting, now: NOW };
  const view = await measureReadiness(database.db, asked);
  return new Map(view.conditions.map((one) => [one.id, one]));
}
const text = async (useCase: UseCase, id: string) => (await conditions(useCase)).get(id)?.text;

describe("what is told later", () => {
  test("a single span of long ago makes no days", async () => {
    const useCase = await fresh();
    await write([...told(useCase, ago(20 * DAY_MS), 1), ...told(useCase, ago(HOUR_MS), 5)]);
    const found = await conditions(useCase);
    expect(found.get("days")).toMatchObject({
      met: false,
      measured: 1,
      text: "1 of 7 days; 1 day told more than a day later does not count",
    });
    expect(found.get("telemetry")?.text).toBe("0 of 1 hour without telemetry, limit 0");
    expect(found.get("decisions")?.text).toBe(
      "5 of 1,000 decisions; 1 decision told more than a day later does not count",
    );
  });

  test("a batch of weeks makes no decisions, no days, and proves no control quiet", async () => {
    const useCase = await fresh();
    const weeks = Array.from({ length: 12 }, (_, at) => told(useCase, ago((2 + at) * DAY_MS), 100));
    await write(weeks.flat());
    const found = await conditions(useCase);
    expect(found.get("days")).toMatchObject({ met: false, measured: 0 });
    expect(found.get("days")?.text).toBe("0 of 7 days; 12 days told more than a day later do not count");
    expect(found.get("decisions")).toMatchObject({
      met: false,
      measured: 0,
      text: "0 of 1,000 decisions; 1,200 decisions told more than a day later do not count",
    });
    expect(found.get("telemetry")?.text).toBe("no telemetry yet");
    const quiet = found.get("false-positives:secrets");
    expect(quiet).toMatchObject({ met: false, measured: 1 });
    expect(quiet?.text).toContain("1,200 decisions told more than a day later do not count");
  });

  test("the same batch, told as it happened, makes all of it", async () => {
    const useCase = await fresh();
    for (let day = 2; day < 14; day++) {
      const from = ago(day * DAY_MS);
      await write(told(useCase, from, 100), new Date(from.getTime() + HOUR_MS));
    }
    const found = await conditions(useCase);
    expect(found.get("decisions")).toMatchObject({ met: true, text: "1,200 of 1,000 decisions" });
    expect(found.get("days")).toMatchObject({ met: true, measured: 12 });
    expect(found.get("false-positives:secrets")?.met).toBe(true);
  });

  test("a gap in telemetry is not filled by telling something of it afterwards", async () => {
    const useCase = await fresh();
    const [early, late] = [ago(29 * DAY_MS), ago(28 * DAY_MS)];
    await write([...many(useCase, early, 1), ...many(useCase, late, 1)]);
    const gap = await text(useCase, "telemetry");
    expect(gap).toMatch(/^[1-9]\d* of 696 hours without telemetry/);
    await write(told(useCase, new Date(early.getTime() + 2 * HOUR_MS), 1));
    expect(await text(useCase, "telemetry")).toBe(gap);
  });

  test("what fired counts whenever it was told: nobody backfills what speaks against a control", async () => {
    const useCase = await fresh();
    const facts = someFacts({ useCase: useCase.slug, signals: { secrets: 1 } });
    await write([
      ...told(useCase, ago(HOUR_MS), 50),
      decide({ useCase, facts, at: ago(9 * DAY_MS), policy, version: 2, different: { kind: "observation" } }),
    ]);
    expect(await text(useCase, "rulings:secrets")).toBe(
      "no rulings yet: 0 of 30 rulings (it fired 1 time in all)",
    );
  });
});

describe("through the doors of the decision point", () => {
  let point: DecisionPoint;
  let useCase: UseCase;
  let credential: string;
  beforeAll(async () => {
    useCase = await fresh();
    ({ credential } = await buildWorkload(database.db, [useCase.id]));
    point = await startTestPoint(database.url, { now: () => NOW });
  });
  afterAll(() => point?.stop());

  const observe = (at: Date, n: number) =>
    post(`${point.url}/v1/observations`, credential, {
      observations: Array.from({ length: n }, () => ({ action: "prompt", observedAt: at.toISOString() })),
    });
  const span = (at: Date) => ({
    name: "chat",
    traceId: "ab".repeat(16),
    spanId: at.getTime().toString(16).padStart(16, "0"),
    endTimeUnixNano: `${at.getTime()}000000`,
    attributes: [{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }],
  });
  const trace = (...times: Date[]) =>
    post(`${point.url}/v1/traces`, credential, {
      resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans: times.map(span) }] }],
    });

  test("observations of last month and of 24 hours ago", async () => {
    expect((await observe(ago(25 * DAY_MS), 3)).status).toBe(200);
    expect((await observe(ago(DAY_MS + 1), 3)).status).toBe(200);
    expect(await text(useCase, "decisions")).toBe(
      "0 of 1,000 decisions; 6 decisions told more than a day later do not count",
    );
    expect((await observe(ago(DAY_MS), 2)).status).toBe(200);
    expect(await text(useCase, "decisions")).toBe(
      "2 of 1,000 decisions; 6 decisions told more than a day later do not count",
    );
    expect(await text(useCase, "days")).toBe("1 of 7 days; 1 day told more than a day later does not count");
  });

  test("spans of OTLP likewise", async () => {
    const counted = async () => (await conditions(useCase)).get("decisions")?.measured;
    const [days, n] = [await text(useCase, "days"), await counted()];
    expect((await trace(ago(28 * DAY_MS), ago(25 * DAY_MS + HOUR_MS))).status).toBe(200);
    expect(await counted()).toBe(n);
    expect((await trace(ago(2 * HOUR_MS))).status).toBe(200);
    expect(await counted()).toBe((n ?? 0) + 1);
    expect((await conditions(useCase)).get("days")?.measured).toBe(2);
    expect(days).toContain("1 of 7 days");
  });
});
