import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportPublicKeyPem, verifySignature } from "@/lib/audit/keys";
import { bundleText, signedBundleSchema } from "@/lib/policy/bundle";
import {
  buildDocument,
  buildException,
  buildFloorVersion,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { startTestPoint, TEST_SECRET } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "../server";

const database = useTestDatabase();
const EXPIRY = new Date("2026-03-09T00:00:00.000Z");
let now = new Date("2026-03-02T00:00:00.000Z");
let point: DecisionPoint;
let credential: string;

beforeAll(async () => {
  const { id } = await buildUseCase(database.db, { slug: "desk", dataClass: "internal" });
  await buildUseCase(database.db, { slug: "other" });
  await buildPolicyVersion(database.db, id, buildDocument({ secrets: { mode: "log", sensitivity: "L1" } }));
  const floor = buildDocument({ secrets: { mode: "enforce", sensitivity: "L2" } });
  await buildFloorVersion(database.db, "internal", floor);
  const startsAt = new Date("2026-03-01T00:00:00.000Z");
  await buildException(database.db, { useCaseId: id, controls: ["secrets"], startsAt, expiresAt: EXPIRY });
  ({ credential } = await buildWorkload(database.db, [id], { slug: "gateway" }));
  point = await startTestPoint(database.url, { now: () => now });
});
afterAll(() => point?.stop());

function take(useCase = "desk", headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${credential}`;
  return fetch(`${point.url}/v1/policies/${useCase}`, { headers: { authorization, ...headers } });
}

test("the policy as it is in force, floor joined, signed by the installation", async () => {
  const response = await take();
  expect(response.status).toBe(200);
  const { bundle, signature } = signedBundleSchema.parse(await response.json());
  expect(bundle.document.controls["secrets"]).toEqual({ mode: "enforce", sensitivity: "L2" });
  expect(bundle).toMatchObject({ useCase: "desk", version: 1, exceptions: [{ controls: ["secrets"] }] });
  expect(bundle.cedar).toContain("secrets");
  const key = exportPublicKeyPem(TEST_SECRET);
  const value = Buffer.from(signature.value, "base64");
  expect(verifySignature(key, Buffer.from(bundleText(bundle)), value)).toBe(true);
  expect(verifySignature(key, Buffer.from(bundleText({ ...bundle, version: 2 })), value)).toBe(false);
  const digest = createHash("sha256").update(bundleText(bundle)).digest("hex");
  expect(response.headers.get("etag")).toBe(`"${digest}"`);
});

test("who has it already is told so, until an exception ends", async () => {
  const etag = (await take()).headers.get("etag") ?? "";
  for (const header of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const again = await take("desk", { "if-none-match": header });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  }
  expect((await take("desk", { "if-none-match": '"other"' })).status).toBe(200);
  now = EXPIRY;
  const after = await take("desk", { "if-none-match": etag });
  expect(after.status).toBe(200);
  expect(signedBundleSchema.parse(await after.json()).bundle.exceptions).toEqual([]);
});

test("nobody takes the policy of a use case that they do not serve", async () => {
  expect((await take("other")).status).toBe(403);
  expect((await take("nothing")).status).toBe(403);
  expect((await fetch(`${point.url}/v1/policies/desk`)).status).toBe(401);
});
