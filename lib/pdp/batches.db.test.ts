import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leafHash, rootOf } from "@/lib/audit/tree";
import { canonicalJson } from "@/lib/policy/canonical";
import { factsDigest } from "@/lib/policy/digest";
import type { Facts } from "@/lib/policy/facts";
import {
  buildDocument,
  buildException,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import { decisionIdAt, instantOf } from "./decision-id";
import { createRecorder } from "./record";
import type { DecisionPoint } from "./server";
import { someDecision } from "./testing";

const database = useTestDatabase();
const NOW = new Date();
const DAY = 86_400_000;
let point: DecisionPoint;
let credential: string;
let useCaseId: string;

const CONTROLS = {
  "pii/credit-card": { mode: "enforce" as const, sensitivity: "L2" as const },
  "tool-not-approved": { mode: "require_approval" as const },
  "request-rate": { mode: "log" as const },
};

beforeAll(async () => {
  useCaseId = (await buildUseCase(database.db, { slug: "batched" })).id;
  const baseline = { ...buildDocument().baseline, tools: [{ name: "search_*", impact: "low" as const }] };
  await buildPolicyVersion(database.db, useCaseId, buildDocument(CONTROLS, "enforcing", { baseline }));
  ({ credential } = await buildWorkload(database.db, [useCaseId], { slug: "gateway" }));
  await buildException(database.db, {
    useCaseId,
    controls: ["tool-not-approved"],
    startsAt: new Date(NOW.getTime() - 20 * DAY),
    expiresAt: new Date(NOW.getTime() - 10 * DAY),
  });
  point = await startTestPoint(database.url);
});
afterAll(() => point?.stop());

const card = { action: "prompt", messages: [{ role: "user", content: "4111 1111 1111 1111" }] };
const observe = (body: unknown, headers = {}) =>
  post(`${point.url}/v1/observations`, credential, body, headers);
const ago = (days: number) => new Date(NOW.getTime() - days * DAY).toISOString();

describe("a batch", () => {
  it("is answered in order, each item by itself", async () => {
    const { status, body } = await post(`${point.url}/v1/decisions/batch`, credential, {
      decisions: [
        { action: "prompt" },
        { action: "think" },
        card,
        7,
        { action: "prompt", useCase: "foreign" },
      ],
    });
    expect(status).toBe(200);
    expect(body["results"]).toMatchObject([
      { outcome: "allow", decisionId: expect.any(String) },
      { status: 400, code: "invalid", fields: [{ path: "action" }] },
      { outcome: "block" },
      { status: 400, fields: [{ path: "" }] },
      { status: 403, code: "forbidden" },
    ]);
  });

  it("of 500 is taken and of 501 is not", async () => {
    const decisions = Array.from({ length: 501 }, (_, at) => ({ action: "prompt", sessionId: `s-${at}` }));
    const url = `${point.url}/v1/decisions/batch`;
    expect((await post(url, credential, { decisions })).body["fields"]).toMatchObject([
      { path: "decisions" },
    ]);
    const { body } = await post(url, credential, { decisions: decisions.slice(1) });
    const ids = (body["results"] as { decisionId: string }[]).map(({ decisionId }) => decisionId);
    const { rows } = await database.pool.query("SELECT id, session_id FROM decision WHERE id = ANY($1)", [
      ids,
    ]);
    const sessions = new Map(rows.map((row) => [row.id, row.session_id]));
    expect(ids.map((id) => sessions.get(id))).toEqual(decisions.slice(1).map(({ sessionId }) => sessionId));
  });

  it("repeats its answers under its key", async () => {
    const body = { decisions: [{ action: "prompt" }, { action: "outbound" }] };
    const url = `${point.url}/v1/decisions/batch`;
    const headers = { "idempotency-key": "batch-1" };
    const first = await post(url, credential, body, headers);
    expect((await post(url, credential, body, headers)).body).toEqual(first.body);
  });
});

describe("an observation", () => {
  it("stands at its instant and never enforces", async () => {
    const observedAt = ago(30);
    const { status, body } = await observe({ ...card, observedAt, synthetic: ["observedAt"] });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: "flag",
      wouldBe: "block",
      findings: [
        {
          effect: "would_block",
          reason: "A card number was found in the prompt; it was observed after the fact.",
        },
      ],
    });
    expect(instantOf(String(body["decisionId"])).toISOString()).toBe(observedAt);
    const { rows } = await database.pool.query("SELECT * FROM decision WHERE id = $1", [body["decisionId"]]);
    expect(rows[0]).toMatchObject({
      kind: "observation",
      decided_at: new Date(observedAt),
      synthetic: ["observedAt"],
    });
  });

  it("is judged by the exceptions of its instant", async () => {
    const call = { action: "tool_call", tool: { name: "send_money" } };
    const { body } = await observe({
      observations: [
        { ...call, observedAt: ago(21) },
        { ...call, observedAt: ago(15) },
        { ...call, observedAt: ago(9) },
        { ...call, observedAt: "never" },
      ],
    });
    expect(body["results"]).toMatchObject([
      { outcome: "flag", wouldBe: "require_approval", findings: [{ effect: "would_require_approval" }] },
      { outcome: "flag", wouldBe: "flag", findings: [{ effect: "exempted" }] },
      { outcome: "flag", wouldBe: "require_approval" },
      { status: 400, fields: [{ path: "observedAt" }] },
    ]);
  });
});

describe("an exception whose review was late", () => {
  it("did not spare between grace and review, as observed afterwards", async () => {
    const at = (days: number) => new Date(NOW.getTime() - days * DAY);
    const { id, decidedById } = await buildException(database.db, {
      useCaseId,
      controls: ["tool-not-approved"],
      scope: { tools: ["slow_transfer"] },
      startsAt: at(30),
      expiresAt: at(-10),
      reviewAt: at(20),
    });
    await database.db.exceptionReview.create({
      data: {
        id: decisionIdAt(at(5)),
        exceptionId: id,
        reviewedById: decidedById ?? "",
        note: "Still needed.",
        dueAt: at(20),
        nextReviewAt: at(-5),
        at: at(5),
      },
    });
    await database.db.policyException.update({
      where: { id },
      data: { reviewAt: at(-5), reviewedAt: at(5) },
    });
    const effects = async () => {
      const call = { action: "tool_call", tool: { name: "slow_transfer" } };
      const observations = [25, 10, 2].map((days) => ({ ...call, observedAt: ago(days) }));
      const results = (await observe({ observations })).body["results"] as {
        findings: { effect: string }[];
      }[];
      return results.map(({ findings }) => findings[0]?.effect);
    };
    await expect
      .poll(effects, { timeout: 3_000 })
      .toEqual(["exempted", "would_require_approval", "exempted"]);
  });
});

interface Row {
  [column: string]: unknown;
}

/** The record as the contract has it, from what the table holds. */
function recordOf(row: Row, useCase: string): unknown {
  const hex = (bytes: unknown) => (bytes as Buffer | null)?.toString("hex") ?? null;
  return {
    id: row["id"],
    useCase,
    decidedAt: (row["decided_at"] as Date).toISOString(),
    kind: row["kind"],
    fact: hex(row["fact"]),
    policyVersion: row["policy_version"],
    policyDigest: hex(row["policy_digest"]),
    outcome: row["outcome"],
    wouldBe: row["would_be"],
    findings: row["findings"],
    sessionId: row["session_id"],
    traceId: row["trace_id"],
    actorHash: hex(row["actor_hash"]),
    contentDigest: hex(row["content_digest"]),
    excerpt: row["excerpt"],
    late: row["late"],
    synthetic: row["synthetic"],
  };
}

describe("what was written", () => {
  it("has batches whose digests recompute from their rows", async () => {
    const odd = 'quotes " \\ {braces}, commas; nul \u0000 and \ud800 – ü 🦭';
    await observe({
      ...card,
      observedAt: ago(3),
      sessionId: 'a"b\\c,{d}',
      traceId: "NULL",
      messages: [{ role: "user", content: odd }],
    });
    const { rows: batches } = await database.pool.query("SELECT * FROM decision_batch");
    const { rows } = await database.pool.query("SELECT * FROM decision ORDER BY batch_id, batch_index");
    const byBatch = Map.groupBy(rows as Row[], (row) => row["batch_id"]);
    expect(byBatch.size).toBe(batches.length);
    for (const batch of batches) {
      const members = byBatch.get(batch.id) ?? [];
      expect(members.map((row) => row["batch_index"])).toEqual(members.map((_, at) => at));
      expect(batch.n).toBe(members.length);
      const leaves = members.map((row) => leafHash(Buffer.from(canonicalJson(recordOf(row, "batched")))));
      expect(Buffer.from(rootOf(leaves)).toString("hex")).toBe(batch.digest.toString("hex"));
      const times = members.map((row) => (row["decided_at"] as Date).getTime());
      expect([batch.first_at.getTime(), batch.last_at.getTime()]).toEqual([
        Math.min(...times),
        Math.max(...times),
      ]);
    }
  });

  it("has facts whose digests recompute, one row each", async () => {
    const { rows } = await database.pool.query("SELECT digest, facts FROM fact");
    for (const { digest, facts } of rows)
      expect(factsDigest(sortedFacts(facts))).toBe(digest.toString("hex"));
    const { rows: missing } = await database.pool.query(
      "SELECT count(*)::int AS n FROM decision d LEFT JOIN fact f ON f.use_case_id = d.use_case_id AND f.digest = d.fact WHERE f.digest IS NULL",
    );
    expect(missing[0].n).toBe(0);
  });

  it("is counted by the hours exactly", async () => {
    const same = async (left: string, right: string) => {
      const { rows } = await database.pool.query(
        `(SELECT * FROM (${left}) a EXCEPT SELECT * FROM (${right}) b) UNION ALL (SELECT * FROM (${right}) b EXCEPT SELECT * FROM (${left}) a)`,
      );
      expect(rows).toEqual([]);
    };
    const hour = "date_trunc('hour', decided_at, 'UTC')";
    await same(
      `SELECT ${hour} AS hour, fact, policy_version, outcome, would_be, coalesce(exceptions[1], '00000000-0000-0000-0000-000000000000') AS e, count(*) AS n FROM decision GROUP BY 1,2,3,4,5,6`,
      "SELECT hour, fact, policy_version, outcome, would_be, exception, sum(n) FROM decision_hour GROUP BY 1,2,3,4,5,6",
    );
    await same(
      `SELECT ${hour} AS hour, outcome, would_be, count(*) AS n FROM decision GROUP BY 1,2,3`,
      "SELECT hour, outcome, would_be, sum(n) FROM series_hour GROUP BY 1,2,3",
    );
    await same(
      "SELECT hour, outcome, would_be, sum(n) AS n FROM series_hour GROUP BY 1,2,3",
      "SELECT hour, outcome, would_be, sum(l) FROM series_hour, unnest(latency) AS l GROUP BY 1,2,3",
    );
    await same(
      `SELECT ${hour} AS hour, f->>'control' AS control, coalesce(f->>'level', '') AS level, f->>'effect' AS effect, count(*) AS n FROM decision, jsonb_array_elements(findings) AS f GROUP BY 1,2,3,4`,
      "SELECT hour, control, level, effect, sum(n) FROM control_hour GROUP BY 1,2,3,4",
    );
    await same(
      `SELECT use_case_id, e, ${hour} AS hour, count(*) AS n FROM decision, unnest(exceptions) AS e GROUP BY 1,2,3`,
      "SELECT use_case_id, exception, hour, sum(n) FROM exception_hour GROUP BY 1,2,3",
    );
    await same(
      `SELECT ${hour} AS hour, facts->>'tool' AS value, outcome, count(*) AS n FROM decision d JOIN fact f ON f.digest = d.fact WHERE facts ? 'tool' GROUP BY 1,2,3`,
      "SELECT hour, value, outcome, sum(n) FROM dimension_hour WHERE dimension = 'tool' GROUP BY 1,2,3",
    );
  });
});

describe("the recorder, for whoever brings decisions of the past", () => {
  it("records all of them, over days, and one that cannot be written fails alone", async () => {
    const recorder = createRecorder(database.pool, { shard: "seeder" });
    const made = Array.from({ length: 3_000 }, (_, at) =>
      someDecision({
        useCaseId,
        decidedAt: new Date(NOW.getTime() - (at % 40) * DAY),
        kind: "observation",
        sessionId: `seed-${at}`,
      }),
    );
    await recorder.recordAll(made);
    await recorder.drain();
    const { rows: counted } = await database.pool.query(
      "SELECT count(*)::int AS n FROM decision WHERE session_id LIKE 'seed-%'",
    );
    expect(counted[0].n).toBe(3_000);
    const fresh = (sessionId: string) => someDecision({ useCaseId, decidedAt: NOW, sessionId });
    const results = await Promise.allSettled([
      recorder.record(fresh("seed-good")),
      recorder.record(fresh("seed-bad \u0000")),
      recorder.record(fresh("seed-fine")),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(String((results[1] as PromiseRejectedResult).reason)).not.toContain("seed-bad");
  });

  it("records a decision once, and its neighbours, though it is brought twice", async () => {
    const recorder = createRecorder(database.pool, { shard: "doubled" });
    const [first, second] = [1, 2].map(() => someDecision({ useCaseId, decidedAt: NOW }));
    if (!first || !second) return expect.unreachable();
    await recorder.record(first);
    const results = await Promise.allSettled([recorder.record(first), recorder.record(second)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    const { rows } = await database.pool.query("SELECT id FROM decision WHERE id = ANY($1)", [
      [first.id, second.id],
    ]);
    expect(rows.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
  });

  it("makes a partition again that retention has dropped meanwhile", async () => {
    const recorder = createRecorder(database.pool, { shard: "retained" });
    const decidedAt = new Date("2026-01-05T12:00:00Z");
    const record = () => recorder.record(someDecision({ useCaseId, decidedAt }));
    await record();
    await database.pool.query("DROP TABLE decision_20260105");
    await record();
    const { rows } = await database.pool.query("SELECT count(*)::int AS n FROM decision_20260105");
    expect(rows[0].n).toBe(1);
  });

  it("refuses what its queue cannot take", async () => {
    const recorder = createRecorder(database.pool, { shard: "small", maxWaiting: 2, writers: 1 });
    const decision = () => someDecision({ useCaseId, decidedAt: NOW });
    const results = await Promise.allSettled([1, 2, 3].map(() => recorder.record(decision())));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(results[2]).toMatchObject({ reason: { code: "unavailable", retryAfterSeconds: 1 } });
  });
});

/** jsonb forgets the order of keys. */
function sortedFacts(facts: Facts): Facts {
  return JSON.parse(canonicalJson(facts)) as Facts;
}
