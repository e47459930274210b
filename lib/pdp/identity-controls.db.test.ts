import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  buildDocument,
  buildIssuer,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import { makeKey, startIssuer, type TestIssuer, type TestKey } from "@/lib/testing/issuer";
import type { DecisionPoint } from "./server";

/** The controls of the identity family, over HTTP, at the millisecond on either side of their bounds. */

const HOUR = 3_600_000;
const database = useTestDatabase();
const start = Math.floor(Date.now() / 1000) * 1000;
let clock = start;
const now = () => new Date(clock);
let issuer: TestIssuer;
let signer: TestKey;
let key: string;
let point: DecisionPoint;

beforeAll(async () => {
  const baseline = {
    ...buildDocument().baseline,
    credentials: { kinds: ["federated", "task"], maxAgeHours: 1 },
  };
  const controls = {
    "credential-kind": { mode: "enforce" },
    "credential-age": { mode: "enforce" },
    "unattributed-actor": { mode: "enforce" },
  } as const;
  const { id } = await buildUseCase(database.db, { slug: "support-bot" });
  const document = buildDocument(controls, "enforcing", { baseline } as Parameters<typeof buildDocument>[2]);
  await buildPolicyVersion(database.db, id, document);
  const given = {
    kind: "static",
    createdAt: new Date(start),
    expiresAt: new Date(start + 3 * HOUR),
  } as const;
  const built = await buildWorkload(database.db, [id], given);
  key = built.credential;
  issuer = await startIssuer(now);
  signer = await makeKey("one");
  issuer.keys = [signer.jwk];
  await buildIssuer(database.db, issuer.url, [{ workloadId: built.workload.id, subject: "pod" }]);
  point = await startTestPoint(database.url, { now, outboundAllow: [issuer.host] });
});
afterAll(async () => {
  await point?.stop();
  issuer?.stop();
});

/** Which controls a plain prompt under this credential makes fire. */
async function fired(token: string, more: object = { actor: { id: "u-42" } }): Promise<string[]> {
  const { status, body } = await post(`${point.url}/v1/decisions`, token, { action: "prompt", ...more });
  expect(status).toBe(200);
  const controls = (body["findings"] as { control: string }[]).map(({ control }) => control).sort();
  expect(body["outcome"]).toBe(controls.length > 0 ? "block" : "allow");
  return controls;
}

async function taskOf(subject_token: string, type = "jwt"): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token,
    subject_token_type: `urn:ietf:params:oauth:token-type:${type}`,
    task: "refund",
    purpose: "support",
  });
  const answer = await fetch(`${point.url}/v1/token`, { method: "POST", body });
  return String(((await answer.json()) as Record<string, unknown>)["access_token"]);
}

const pod = (claims = {}) => issuer.sign(signer, { sub: "pod", ...claims });

describe("credential-kind", () => {
  it("fires for a standing key, not for a federated token or a task credential made from either", async () => {
    clock = start + 1_000;
    expect(await fired(key)).toEqual(["credential-kind"]);
    expect(await fired(await pod())).toEqual([]);
    expect(await fired(await taskOf(await pod()))).toEqual([]);
    expect(await fired(await taskOf(key, "access_token"))).toEqual([]);
  });
});

describe("credential-age", () => {
  it("fires from one millisecond over the hour: of a key", async () => {
    clock = start + HOUR;
    expect(await fired(key)).toEqual(["credential-kind"]);
    clock = start + HOUR + 1;
    expect(await fired(key)).toEqual(["credential-age", "credential-kind"]);
  });

  it("of a federated token, from when it was issued", async () => {
    clock = start;
    const token = await pod({ exp: start / 1000 + 7_200 });
    clock = start + HOUR;
    expect(await fired(token)).toEqual([]);
    clock = start + HOUR + 1;
    expect(await fired(token)).toEqual(["credential-age"]);
  });

  it("of a task credential, by the age of the key that it was made from", async () => {
    clock = start + HOUR;
    expect(await fired(await taskOf(key, "access_token"))).toEqual([]);
    clock = start + HOUR + 1;
    expect(await fired(await taskOf(key, "access_token"))).toEqual(["credential-age"]);
  });
});

describe("unattributed-actor", () => {
  it("fires where neither a person nor a task of the credential is named", async () => {
    clock = start + 1_000;
    expect(await fired(await pod(), {})).toEqual(["unattributed-actor"]);
    expect(await fired(await pod(), { task: "said by the caller alone" })).toEqual(["unattributed-actor"]);
    expect(await fired(await taskOf(await pod()), {})).toEqual([]);
  });
});

describe("the expiry of a key", () => {
  it("is the first millisecond at which it opens nothing, task credentials made from it included", async () => {
    clock = start + 3 * HOUR - 1_000;
    const task = await taskOf(key, "access_token");
    const statuses = async () =>
      Promise.all(
        [key, task].map(
          async (token) => (await post(`${point.url}/v1/decisions`, token, { action: "prompt" })).status,
        ),
      );
    clock = start + 3 * HOUR - 1;
    expect(await statuses()).toEqual([200, 200]);
    clock = start + 3 * HOUR;
    expect(await statuses()).toEqual([401, 401]);
  });
});
