import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintCredential } from "@/lib/access/credential-secret";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint, TEST_SECRET } from "@/lib/testing/decision-point";
import { type DecisionPoint, startDecisionPoint } from "./server";

const database = useTestDatabase();
let point: DecisionPoint;
let one: string;
let two: string;
let expired: string;
let revoked: string;
let bare: string;
const PROMPT = { action: "prompt" };
const decideUrl = () => `${point.url}/v1/decisions`;

beforeAll(async () => {
  const ids: string[] = [];
  for (const slug of ["first", "second", "foreign"]) {
    const { id } = await buildUseCase(database.db, { slug });
    await buildPolicyVersion(database.db, id, buildDocument());
    ids.push(id);
  }
  const [first = "", second = ""] = ids;
  const { id: without } = await buildUseCase(database.db, { slug: "without-policy" });
  const past = new Date("2026-01-02T00:00:00Z");
  one = (await buildWorkload(database.db, [first])).credential;
  two = (await buildWorkload(database.db, [first, second])).credential;
  expired = (await buildWorkload(database.db, [first], { expiresAt: past })).credential;
  revoked = (await buildWorkload(database.db, [first], { revokedAt: past })).credential;
  bare = (await buildWorkload(database.db, [without])).credential;
  point = await startTestPoint(database.url);
});
afterAll(() => point?.stop());

describe("who may ask", () => {
  it.each([
    ["none", () => null],
    ["no credential", () => "nonsense"],
    ["an unknown one", () => mintCredential().credential],
    ["a known prefix with another secret", () => `${one.slice(0, 13)}${"A".repeat(43)}`],
    ["a revoked one", () => revoked],
  ])("%s: 401 that does not say which", async (_, credential) => {
    const { status, body, headers } = await post(decideUrl(), credential(), PROMPT);
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body).toMatchObject({
      code: "unauthenticated",
      status: 401,
      detail: "A valid workload credential is needed, as a bearer token.",
      id: expect.any(String),
    });
  });

  it("an expired one: 401 that says so to who holds the secret, and only to them", async () => {
    expect((await post(decideUrl(), expired, PROMPT)).body["detail"]).toBe("The credential has expired.");
    const guessed = `${expired.slice(0, 13)}${"A".repeat(43)}`;
    const { status, body } = await post(decideUrl(), guessed, PROMPT);
    expect(status).toBe(401);
    expect(body["detail"]).not.toContain("expired");
  });

  it("asks about what it serves: 403 for another use case, known or not", async () => {
    for (const useCase of ["foreign", "nowhere"]) {
      const { status, body } = await post(decideUrl(), one, { ...PROMPT, useCase });
      expect(status).toBe(403);
      expect(body).toMatchObject({
        code: "forbidden",
        detail: "The credential does not serve this use case.",
      });
    }
  });

  it("names the use case when it serves several", async () => {
    const { status, body } = await post(decideUrl(), two, PROMPT);
    expect(status).toBe(400);
    expect(body["fields"]).toMatchObject([{ path: "useCase" }]);
    expect((await post(decideUrl(), two, { ...PROMPT, useCase: "second" })).status).toBe(200);
  });

  it("is told when a use case has no policy: 422", async () => {
    const { status, body } = await post(decideUrl(), bare, PROMPT);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: "rule", rule: "no-policy" });
  });
});

describe("what may be sent", () => {
  it("names bad fields", async () => {
    const { status, body } = await post(decideUrl(), one, { action: "think", surprise: 1 });
    expect(status).toBe(400);
    expect((body["fields"] as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      "action",
      "surprise",
    ]);
  });

  it("is JSON and says so", async () => {
    expect((await post(decideUrl(), one, "{")).body).toMatchObject({ status: 400, code: "invalid" });
    const { status, body } = await post(decideUrl(), one, "{}", { "content-type": "text/plain" });
    expect(status).toBe(400);
    expect(body["fields"]).toMatchObject([{ path: "Content-Type" }]);
  });

  it.each(["", "x".repeat(201), "with space"])("has an Idempotency-Key that is none of %j", async (key) => {
    const { status, body } = await post(decideUrl(), one, PROMPT, { "idempotency-key": key });
    expect(status).toBe(400);
    expect(body["fields"]).toMatchObject([{ path: "Idempotency-Key" }]);
  });

  it("has at most 1 MiB, declared or not", async () => {
    const content = "x".repeat(1_048_576);
    const { status, body } = await post(decideUrl(), one, {
      ...PROMPT,
      messages: [{ role: "user", content }],
    });
    expect(status).toBe(413);
    expect(body["code"]).toBe("too_large");
    expect(await chunked(point.port, one, 3_000_000)).toMatch(/^HTTP\/1\.1 413/);
  });

  it("fits within it", async () => {
    const content = "word ".repeat(200_000);
    const { status } = await post(decideUrl(), one, { ...PROMPT, messages: [{ role: "user", content }] });
    expect(status).toBe(200);
  });

  it("goes to a door that is there", async () => {
    expect((await post(`${point.url}/v1/nothing`, one, {})).body).toMatchObject({
      status: 404,
      code: "not_found",
    });
    const response = await fetch(decideUrl());
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});

describe("the server", () => {
  it("is healthy and ready, and counts", async () => {
    expect((await fetch(`${point.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${point.url}/readyz`)).json()).toEqual({ status: "ready" });
    await post(decideUrl(), one, PROMPT);
    const text = await (await fetch(`${point.url}/metrics`)).text();
    expect(text).toMatch(/sluice_decisions_total\{kind="decision",outcome="allow"\} [1-9]/);
    expect(text).toMatch(/sluice_batch_decisions_count [1-9]/);
    expect(text).toMatch(/sluice_snapshot_version [1-9]/);
    expect(text).toMatch(/sluice_queue_decisions 0/);
  });

  it("says plainly when its port is taken", async () => {
    const options = { url: database.url, secret: TEST_SECRET, port: point.port };
    await expect(startDecisionPoint(options)).rejects.toThrow(`Port ${point.port} is taken`);
  });

  it("says that it is up, hour by hour", async () => {
    const { rows } = await database.pool.query("SELECT name, snapshot::int AS snapshot FROM decision_point");
    expect(rows).toEqual([{ name: `127.0.0.1:${point.port}`, snapshot: expect.any(Number) }]);
    const { rows: hours } = await database.pool.query("SELECT name FROM decision_point_hour");
    expect(hours.length).toBeGreaterThan(0);
  });

  it("finishes what it took before it stops", async () => {
    const second = await startTestPoint(database.url, { name: "stopping" });
    const asked = Array.from({ length: 40 }, () => post(`${second.url}/v1/decisions`, one, PROMPT));
    const first = await Promise.race(asked);
    await second.stop();
    const answers = (await Promise.allSettled(asked)).flatMap((result) =>
      result.status === "fulfilled" ? [result.value] : [],
    );
    expect(first.status).toBe(200);
    const ids = answers.filter(({ status }) => status === 200).map(({ body }) => body["decisionId"]);
    const { rows } = await database.pool.query("SELECT count(*)::int AS n FROM decision WHERE id = ANY($1)", [
      ids,
    ]);
    expect(rows[0].n).toBe(ids.length);
    await expect(fetch(`${second.url}/healthz`)).rejects.toThrow();
  });
});

/** Sends a body without saying how long it is; resolves with the head of the answer. */
function chunked(port: number, credential: string, bytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(
        `POST /v1/decisions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${credential}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const chunk = "x".repeat(65_536);
      for (let sent = 0; sent < bytes; sent += chunk.length) socket.write(`10000\r\n${chunk}\r\n`);
    });
    let answer = "";
    socket.on("data", (data) => {
      answer += String(data);
      if (!answer.includes("\r\n\r\n")) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on("error", reject);
  });
}

describe("how often", () => {
  it("one credential may ask so many times in a sliding minute, another is not held by it", async () => {
    let at = Date.parse("2026-06-01T12:00:00Z");
    const limited = await startDecisionPoint({
      url: database.url,
      secret: TEST_SECRET,
      port: 0,
      perMinute: 3,
      now: () => new Date(at),
    });
    try {
      const ask = (credential: string) =>
        post(`${limited.url}/v1/decisions`, credential, { ...PROMPT, useCase: "first" });
      for (let i = 0; i < 3; i++) expect((await ask(one)).status).toBe(200);
      const refused = await ask(one);
      expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited" } });
      expect(refused.headers.get("retry-after")).toBe("1");
      expect((await ask(two)).status).toBe(200);
      at += 61_000;
      expect((await ask(one)).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});
