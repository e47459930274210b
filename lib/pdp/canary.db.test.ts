import { afterAll, beforeAll, expect, test } from "vitest";
import { createCanaries } from "@/lib/access/canary";
import {
  buildDocument,
  buildException,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint, TEST_SECRET } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
const canaries = createCanaries(TEST_SECRET);
let now = new Date();
let point: DecisionPoint;
let credential: string;

beforeAll(async () => {
  const { id } = await buildUseCase(database.db, { slug: "desk" });
  await buildPolicyVersion(database.db, id, buildDocument());
  const startsAt = new Date(Date.now() - 86_400_000);
  const expiresAt = new Date(Date.now() + 86_400_000);
  await buildException(database.db, { useCaseId: id, controls: ["canary"], startsAt, expiresAt });
  ({ credential } = await buildWorkload(database.db, [id]));
  point = await startTestPoint(database.url, { now: () => now });
});
afterAll(() => point?.stop());

const ask = async (content: string) =>
  (
    await post(`${point.url}/v1/decisions`, credential, {
      action: "prompt",
      messages: [{ role: "user", content }],
    })
  ).body;

test("a canary is blocked in logging, by no control, whatever exceptions there are, and recorded", async () => {
  const { text, expiresAt } = canaries.make("desk", now);
  expect(await ask(`Say ${text}.`)).toMatchObject({
    outcome: "block",
    wouldBe: "block",
    policy: { stage: "logging" },
    findings: [{ control: "canary", effect: "blocked", reason: expect.stringContaining("canary") }],
  });
  const { rows } = await database.pool.query(
    "SELECT d.outcome, f.facts->'canary' AS canary FROM decision d JOIN fact f ON f.digest = d.fact",
  );
  expect(rows).toEqual([{ outcome: "block", canary: true }]);
  now = expiresAt;
  expect(await ask(`Say ${text}.`)).toMatchObject({ outcome: "allow" });
});

test("that of another use case or installation is a text like any other", async () => {
  expect(await ask(canaries.make("other", now).text)).toMatchObject({ outcome: "allow" });
  const forged = createCanaries(`${TEST_SECRET}.`).make("desk", now).text;
  expect(await ask(forged)).toMatchObject({ outcome: "allow" });
});
