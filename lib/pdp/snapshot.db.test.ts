import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "@/lib/policy/compile";
import type { Stage } from "@/lib/policy/document";
import {
  buildDocument,
  buildException,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
let point: DecisionPoint;
let credential: string;
let useCaseId: string;
const CONTROLS = { "unattributed-actor": { mode: "enforce" as const } };

const documentAt = (stage: Stage) => buildDocument(CONTROLS, stage);
const ask = () => post(`${point.url}/v1/decisions`, credential, { action: "prompt" });

/** Milliseconds until the decision point answers like that. */
async function until(isSo: (answer: Awaited<ReturnType<typeof ask>>) => boolean): Promise<number> {
  const started = performance.now();
  while (!isSo(await ask())) {
    if (performance.now() - started > 5_000) throw new Error("It never came to be.");
    await new Promise((done) => setTimeout(done, 5));
  }
  return performance.now() - started;
}

async function insertVersion(
  number: number,
  stage: Stage,
  document: unknown = documentAt(stage),
): Promise<void> {
  const { digest, cedar } = compile(documentAt(stage));
  await database.pool.query(
    `INSERT INTO policy_version (id, use_case_id, number, document, cedar, digest, effective_from)
     VALUES ($1, $2, $3, $4, $5, $6, now())`,
    [randomUUID(), useCaseId, number, document, cedar, digest],
  );
}

beforeAll(async () => {
  useCaseId = (await buildUseCase(database.db, { slug: "watched" })).id;
  await buildPolicyVersion(database.db, useCaseId, documentAt("logging"));
  ({ credential } = await buildWorkload(database.db, [useCaseId]));
  point = await startTestPoint(database.url, { pollMs: 1_000 });
});
afterAll(() => point?.stop());

describe("a change in the database", () => {
  it("is in force within a second", async () => {
    for (let number = 2; number <= 21; number++) {
      await insertVersion(number, number % 2 === 0 ? "enforcing" : "logging");
      const ms = await until(({ body }) => (body["policy"] as { version: number }).version === number);
      expect(ms).toBeLessThan(1_000);
    }
  });

  it("of credentials too: revoked is refused within a second", async () => {
    const other = await buildWorkload(database.db, [useCaseId]);
    const asked = () => post(`${point.url}/v1/decisions`, other.credential, { action: "prompt" });
    await expect.poll(async () => (await asked()).status, { timeout: 1_000 }).toBe(200);
    await database.pool.query("UPDATE credential SET revoked_at = now() WHERE prefix = $1", [other.prefix]);
    await expect.poll(async () => (await asked()).status, { timeout: 1_000 }).toBe(401);
  });

  it("of exceptions too: revoked ends at once", async () => {
    await insertVersion(22, "enforcing");
    await until(({ body }) => body["outcome"] === "block");
    const { id } = await buildException(database.db, {
      useCaseId,
      controls: ["unattributed-actor"],
      startsAt: new Date(Date.now() - 60_000),
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    expect(await until(({ body }) => body["outcome"] === "flag")).toBeLessThan(1_000);
    await database.pool.query(
      "UPDATE policy_exception SET status = 'revoked', ended_at = now() WHERE id = $1",
      [id],
    );
    expect(await until(({ body }) => body["outcome"] === "block")).toBeLessThan(1_000);
  });

  it("is seen by the poll when the line on which it is announced was cut", async () => {
    await database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    await insertVersion(23, "logging");
    expect(await until(({ body }) => body["outcome"] === "flag")).toBeLessThan(1_500);
    await insertVersion(24, "enforcing");
    expect(await until(({ body }) => body["outcome"] === "block")).toBeLessThan(1_500);
  });

  it("that begins later begins by itself", async () => {
    const from = new Date(Date.now() + 700);
    await buildPolicyVersion(database.db, useCaseId, documentAt("logging"), from);
    expect((await ask()).body["outcome"]).toBe("block");
    await until(({ body }) => body["outcome"] === "flag");
    expect(Date.now()).toBeGreaterThanOrEqual(from.getTime());
    expect(Date.now()).toBeLessThan(from.getTime() + 500);
  });

  it("that cannot be used takes down its use case and no other", async () => {
    const { id } = await buildUseCase(database.db);
    await buildPolicyVersion(database.db, id, documentAt("enforcing"));
    const other = await buildWorkload(database.db, [id]);
    const askOther = () => post(`${point.url}/v1/decisions`, other.credential, { action: "prompt" });
    await insertVersion(26, "enforcing", { schema: "sluice.policy/v1", stage: "nonsense" });
    await until(({ status }) => status === 503);
    await expect.poll(async () => (await askOther()).body["outcome"], { timeout: 1_000 }).toBe("block");
    await insertVersion(27, "enforcing");
    await until(({ body }) => body["outcome"] === "block");
  });
});
