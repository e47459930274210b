import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
let point: DecisionPoint;
let other: DecisionPoint;
let credential: string;
let useCaseId: string;
const prompt = (content = "call 4111 1111 1111 1111") => ({
  action: "prompt",
  messages: [{ role: "user", content }],
});
const ask = (at: DecisionPoint, key: string, body: unknown = prompt()) =>
  post(`${at.url}/v1/decisions`, credential, body, { "idempotency-key": key });

async function rows(): Promise<number> {
  const { rows } = await database.pool.query("SELECT count(*)::int AS n FROM decision");
  return rows[0].n;
}

beforeAll(async () => {
  useCaseId = (await buildUseCase(database.db)).id;
  const controls = { "pii/credit-card": { mode: "redact" as const, sensitivity: "L2" as const } };
  await buildPolicyVersion(database.db, useCaseId, buildDocument(controls, "enforcing"));
  ({ credential } = await buildWorkload(database.db, [useCaseId]));
  point = await startTestPoint(database.url);
  other = await startTestPoint(database.url);
});
afterAll(async () => {
  await point?.stop();
  await other?.stop();
});

describe("the same Idempotency-Key", () => {
  it("fifty times at once, at two decision points: one row and one answer", async () => {
    const before = await rows();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => ask(at % 2 ? point : other, "once")),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(50).fill(200));
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(await rows()).toBe(before + 1);
  });

  it("later: the first answer, what was masked included, though the policy has moved on", async () => {
    const first = await ask(point, "later");
    expect(first.body["redacted"]).toEqual({
      messages: [{ role: "user", content: "call [pii/credit-card]" }],
    });
    await buildPolicyVersion(database.db, useCaseId, buildDocument({}, "logging"));
    await expect
      .poll(async () => (await ask(point, crypto.randomUUID())).body["outcome"], { timeout: 3_000 })
      .toBe("allow");
    const before = await rows();
    expect((await ask(other, "later")).body).toEqual(first.body);
    expect(await rows()).toBe(before);
  });

  it("a day later: 409, so that what was once allowed is not allowed for ever", async () => {
    const first = await ask(point, "old");
    const before = await rows();
    const later = async (ms: number) => {
      const tomorrow = await startTestPoint(database.url, { now: () => new Date(Date.now() + ms) });
      try {
        return await ask(tomorrow, "old");
      } finally {
        await tomorrow.stop();
      }
    };
    expect((await later(86_000_000)).body).toEqual(first.body);
    expect(await later(86_500_000)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await rows()).toBe(before);
  });

  it("for another request: 409, at once and later", async () => {
    const answers = await Promise.all([
      ask(point, "mine", prompt("a")),
      ask(point, "mine", prompt("b")),
      ask(other, "mine", prompt("c")),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = answers.findIndex(({ status }) => status === 200);
    const { status, body } = await ask(other, "mine", prompt(["b", "c", "a"][winner]));
    expect(status).toBe(409);
    expect(body["code"]).toBe("conflict");
  });

  it("means the same request whatever the order of its keys", async () => {
    const first = await ask(point, "order", {
      action: "tool_call",
      tool: { name: "t", arguments: { a: 1, b: 2 } },
    });
    const second = await ask(point, "order", {
      tool: { arguments: { b: 2, a: 1 }, name: "t" },
      action: "tool_call",
    });
    expect(second.body).toEqual(first.body);
  });

  it("belongs to a workload", async () => {
    const neighbour = await buildWorkload(database.db, [useCaseId]);
    const first = await ask(point, "shared");
    const asked = () =>
      post(`${point.url}/v1/decisions`, neighbour.credential, prompt(), { "idempotency-key": "shared" });
    await expect.poll(async () => (await asked()).status, { timeout: 3_000 }).toBe(200);
    expect((await asked()).body["decisionId"]).not.toBe(first.body["decisionId"]);
  });

  it("keeps no content", async () => {
    const { rows: kept } = await database.pool.query("SELECT answer FROM decision_key");
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify(kept)).not.toContain("call ");
  });

  it("under load from many keys at two decision points: each exactly once", async () => {
    const before = await rows();
    const keys = Array.from({ length: 60 }, (_, at) => `load-${at}`);
    const asked = [...keys, ...keys, ...keys].map((key, at) => ask(at % 2 ? point : other, key, prompt(key)));
    const answers = await Promise.all(asked);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(answers.map(({ body }) => body["decisionId"])).size).toBe(60);
    expect(await rows()).toBe(before + 60);
  });
});
