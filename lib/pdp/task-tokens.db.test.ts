import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  buildDocument,
  buildIssuer,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint, TEST_SECRET } from "@/lib/testing/decision-point";
import { makeKey, startIssuer, type TestIssuer, type TestKey } from "@/lib/testing/issuer";
import { until } from "@/lib/testing/until";
import { forgetRevokedTokens } from "@/lib/workloads/forget-revoked-tokens";
import { createActorHash } from "./actor-hash";
import type { DecisionPoint } from "./server";

const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS = "urn:ietf:params:oauth:token-type:access_token";
const JWT = "urn:ietf:params:oauth:token-type:jwt";
const TASK = { use_case: "first", task: "refund 4711", purpose: "customer-support" };

const database = useTestDatabase();
let clock = Date.now();
const now = () => new Date(clock);
let issuer: TestIssuer;
let signer: TestKey;
let key: string;
let foreignKey: string;
let point: DecisionPoint;
let second: DecisionPoint;
const ids: Record<string, string> = {};

beforeAll(async () => {
  for (const slug of ["first", "second"]) {
    const { id } = await buildUseCase(database.db, { slug });
    await buildPolicyVersion(database.db, id, buildDocument());
    ids[slug] = id;
  }
  const { first = "", second: other = "" } = ids;
  const built = await buildWorkload(database.db, [first, other], { slug: "app", kind: "static" });
  key = built.credential;
  foreignKey = (await buildWorkload(database.db, [first], { kind: "static" })).credential;
  issuer = await startIssuer(now);
  signer = await makeKey("one");
  issuer.keys = [signer.jwk];
  await buildIssuer(database.db, issuer.url, [{ workloadId: built.workload.id, subject: "pod" }]);
  const options = { now, outboundAllow: [issuer.host], pollMs: 1_000 };
  point = await startTestPoint(database.url, { ...options, name: "one" });
  second = await startTestPoint(database.url, { ...options, name: "two" });
});
afterAll(async () => {
  await point?.stop();
  await second?.stop();
  issuer?.stop();
});

type Parameters = Record<string, string | undefined>;

async function form(path: string, parameters: Parameters, headers: Record<string, string> = {}) {
  const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  const body = new URLSearchParams(given);
  const answer = await fetch(`${point.url}${path}`, { method: "POST", body, headers });
  const text = await answer.text();
  const json = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: answer.status, headers: answer.headers, body: json };
}

const exchange = (different: Parameters = {}, headers: Record<string, string> = {}) =>
  form(
    "/v1/token",
    { grant_type: GRANT, subject_token: key, subject_token_type: ACCESS, ...TASK, ...different },
    headers,
  );

async function taskOf(different: Parameters = {}): Promise<string> {
  const { status, body } = await exchange(different);
  expect(body).toMatchObject({ access_token: expect.any(String) });
  expect(status).toBe(200);
  return String(body["access_token"]);
}

const again = (token: string, different: Parameters = {}) =>
  exchange({ subject_token: token, use_case: undefined, task: undefined, purpose: undefined, ...different });
const revoke = (token: string, bearer?: string) =>
  form("/v1/token/revoke", { token }, bearer === undefined ? {} : { authorization: `Bearer ${bearer}` });
const ask = (token: string, more: object = {}, at = point) =>
  post(`${at.url}/v1/decisions`, token, { action: "prompt", ...more });
const statusOf = async (token: string, at = point) => (await ask(token, {}, at)).status;

async function factsOf(decisionId: unknown) {
  const { rows } = await database.pool.query(
    "SELECT facts, actor_hash FROM fact JOIN decision ON fact = digest WHERE decision.id = $1",
    [decisionId],
  );
  return rows[0] as { facts: Record<string, unknown>; actor_hash: Buffer | null };
}

it("is as old as the key that it was made from, which an exchange does not make younger", async () => {
  const createdAt = new Date(clock - 40 * 86_400_000);
  const built = await buildWorkload(database.db, [ids["first"] ?? ""], { kind: "static", createdAt });
  await until(() => statusOf(built.credential), 200);
  const task = await taskOf({ subject_token: built.credential });
  await ask(task, { model: "of-an-old-key" });
  const { rows } = await database.pool.query(
    "SELECT facts->'credential' AS credential FROM fact WHERE facts->>'model' = 'of-an-old-key'",
  );
  expect(rows).toEqual([{ credential: { kind: "task", ageBucket: 1440 } }]);
});

describe("an exchange (RFC 8693)", () => {
  it("gives a task credential for 15 minutes, which opens the door to its use case for its purpose", async () => {
    const { status, body, headers } = await exchange();
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    const { access_token: token, ...rest } = body;
    expect(rest).toEqual({ issued_token_type: ACCESS, token_type: "Bearer", expires_in: 900 });
    const answer = await ask(String(token));
    expect(answer.status).toBe(200);
    expect((await factsOf(answer.body["decisionId"])).facts).toMatchObject({
      useCase: "first",
      workload: "app",
      purpose: "customer-support",
      attributed: true,
      credential: { kind: "task", ageBucket: 1 },
    });
  });

  it("takes the credential from the header, and a token of an issuer", async () => {
    const none = { subject_token: undefined, subject_token_type: undefined };
    expect((await exchange(none, { authorization: `Bearer ${key}` })).status).toBe(200);
    const pod = await issuer.sign(signer, { sub: "pod" });
    const token = await taskOf({ subject_token: pod, subject_token_type: JWT });
    expect(await statusOf(token)).toBe(200);
  });

  it("is as long as was asked, and no longer than the key", async () => {
    expect((await exchange({ expires_in: "60" })).body["expires_in"]).toBe(60);
    const { credential } = await buildWorkload(database.db, [ids["first"] ?? ""], {
      expiresAt: new Date(clock + 42_000),
    });
    await until(() => statusOf(credential), 200);
    expect((await exchange({ subject_token: credential })).body["expires_in"]).toBe(42);
  });

  it("is no longer than its issuer's token is let in", async () => {
    const exp = Math.floor(clock / 1000) + 30;
    const pod = await issuer.sign(signer, { sub: "pod", exp });
    const { body } = await exchange({ subject_token: pod, subject_token_type: JWT });
    expect(body["expires_in"]).toBe(Math.floor(exp + 60 - clock / 1000));
  });

  it("ends to the millisecond, and its age counts from its issue", async () => {
    const start = clock;
    const token = await taskOf({ expires_in: "60" });
    clock = start + 59_999;
    expect(await statusOf(token)).toBe(200);
    clock = start + 60_000;
    const { status, body } = await ask(token);
    expect([status, body["detail"]]).toEqual([401, "The task credential has expired."]);
    clock = start;
  });

  it.each<[string, Parameters, string]>([
    ["no grant type", { grant_type: undefined }, "invalid_request"],
    ["another grant", { grant_type: "client_credentials" }, "unsupported_grant_type"],
    ["no subject token", { subject_token: undefined }, "invalid_request"],
    ["no type of it", { subject_token_type: undefined }, "invalid_request"],
    ["another type than it has", { subject_token_type: JWT }, "invalid_request"],
    ["an unknown type", { subject_token_type: "urn:x" }, "invalid_request"],
    ["a key that is none", { subject_token: "nonsense" }, "invalid_request"],
    ["a long one", { subject_token: "x".repeat(9_000) }, "invalid_request"],
    ["a use case it does not serve", { use_case: "nowhere" }, "invalid_target"],
    ["no use case where it serves two", { use_case: undefined }, "invalid_request"],
    ["no task", { task: undefined }, "invalid_request"],
    ["an empty task", { task: "" }, "invalid_request"],
    ["a task too long", { task: "x".repeat(201) }, "invalid_request"],
    ["a task with a line break", { task: "a\nb" }, "invalid_request"],
    ["no purpose", { purpose: undefined }, "invalid_request"],
    ["a life too long", { expires_in: "901" }, "invalid_request"],
    ["no life", { expires_in: "0" }, "invalid_request"],
    ["a life that is no number", { expires_in: "1e2" }, "invalid_request"],
    ["a resource", { resource: "https://a.example.com" }, "invalid_target"],
    ["an audience", { audience: "a" }, "invalid_target"],
    ["a scope", { scope: "all" }, "invalid_scope"],
    ["another kind of token", { requested_token_type: "urn:x" }, "invalid_request"],
    ["an actor without its type", { actor_token: "x" }, "invalid_request"],
    ["an actor that is none", { actor_token: "x", actor_token_type: JWT }, "invalid_request"],
  ])("refuses %s, in OAuth's own words", async (_, different, error) => {
    const { status, body, headers } = await exchange(different);
    expect([status, body["error"]]).toEqual([400, error]);
    expect(Object.keys(body)).toEqual(["error", "error_description"]);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("refuses what is no form, a parameter twice, two credentials, a bad header, another method", async () => {
    const json = await post(`${point.url}/v1/token`, key, {});
    expect([json.status, json.body["error"]]).toEqual([400, "invalid_request"]);
    const body = `grant_type=${GRANT}&grant_type=${GRANT}`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const twice = await fetch(`${point.url}/v1/token`, { method: "POST", body, headers });
    expect([twice.status, (await twice.json()) as object]).toMatchObject([400, { error: "invalid_request" }]);
    expect((await exchange({}, { authorization: `Bearer ${foreignKey}` })).status).toBe(400);
    const none = { subject_token: undefined, subject_token_type: undefined };
    const bad = await exchange(none, { authorization: "Bearer nonsense" });
    expect([bad.status, bad.body["error"]]).toEqual([401, "invalid_client"]);
    expect(bad.headers.get("www-authenticate")).toMatch(/^Bearer/);
    const got = await fetch(`${point.url}/v1/token`);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("says for whom, when a token of an issuer says so; the decision keeps the same hash as of a named actor", async () => {
    const actor = await issuer.sign(signer, { sub: "ann@example.com", aud: "elsewhere" });
    const token = await taskOf({ actor_token: actor, actor_token_type: JWT });
    expect(token).not.toContain("ann");
    const hash = createActorHash(TEST_SECRET)("ann@example.com");
    const silent = await factsOf((await ask(token)).body["decisionId"]);
    const named = await factsOf((await ask(token, { actor: { id: "ann@example.com" } })).body["decisionId"]);
    expect([silent.actor_hash?.toString("hex"), named.actor_hash?.toString("hex")]).toEqual([hash, hash]);
    expect((await ask(token, { actor: { id: "bob@example.com" } })).status).toBe(403);
  });
});

describe("a task credential", () => {
  it("serves its use case alone: 403 for another that its workload serves", async () => {
    const token = await taskOf();
    expect((await ask(token, { useCase: "first" })).status).toBe(200);
    const { status, body } = await ask(token, { useCase: "second" });
    expect([status, body["code"]]).toEqual([403, "forbidden"]);
    expect((await ask(key, { useCase: "second" })).status).toBe(200);
  });

  it("is for its purpose and task: 403 for others, on every door", async () => {
    const token = await taskOf();
    expect((await ask(token, { purpose: "customer-support", task: "refund 4711" })).status).toBe(200);
    for (const other of [{ purpose: "marketing" }, { task: "refund 4712" }]) {
      const { status, body } = await ask(token, other);
      expect([status, body["fields"]]).toEqual([
        403,
        [expect.objectContaining({ path: Object.keys(other)[0] })],
      ]);
    }
    const batch = await post(`${point.url}/v1/decisions/batch`, token, {
      decisions: [{ action: "prompt" }, { action: "prompt", purpose: "marketing" }],
    });
    expect(batch.body["results"]).toMatchObject([{ outcome: "allow" }, { status: 403 }]);
    const observation = { action: "prompt", purpose: "marketing", observedAt: now().toISOString() };
    expect((await post(`${point.url}/v1/observations`, token, observation)).status).toBe(403);
  });

  it("may be exchanged for the same task, never for longer, three times over", async () => {
    const start = clock;
    let token = await taskOf();
    clock += 100_000;
    for (let turn = 0; turn < 3; turn++) {
      const { status, body } = await again(token);
      expect([status, body["expires_in"]]).toEqual([200, 800]);
      token = String(body["access_token"]);
    }
    const { status, body } = await again(token);
    expect([status, body["error_description"]]).toEqual([
      400,
      "A task credential is handed on at most 3 times.",
    ]);
    clock = start;
  });

  it("is not exchanged for another use case, task, purpose or actor", async () => {
    const [ann, bob] = [await issuer.sign(signer, { sub: "ann" }), await issuer.sign(signer, { sub: "bob" })];
    const token = await taskOf({ actor_token: ann, actor_token_type: JWT });
    for (const other of [
      { use_case: "second" },
      { task: "another" },
      { purpose: "another" },
      { actor_token: bob, actor_token_type: JWT },
    ]) {
      expect((await again(token, other)).body["error"]).toBe("invalid_target");
    }
    expect((await again(token, { actor_token: ann, actor_token_type: JWT })).status).toBe(200);
  });

  it("is not taken when it was signed with another secret, or by the secret itself", async () => {
    const token = await taskOf();
    const other = await startTestPoint(database.url, { now, secret: "x".repeat(40), name: "other" });
    expect(await statusOf(token, other)).toBe(401);
    await other.stop();
    const [head = "", body = ""] = token.split(".");
    for (const secret of [TEST_SECRET, "", "sluice"]) {
      const signature = createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url");
      expect(await statusOf(`${head}.${body}.${signature}`)).toBe(401);
    }
  });
});

describe("a revocation (RFC 7009)", () => {
  it.each<[string, (token: string) => string | undefined]>([
    ["its bearer", () => undefined],
    ["its bearer, who says so in the header too", (token) => token],
    ["the key that it was made from", () => key],
  ])("by %s ends it at once here, and within a second on another decision point", async (_, bearer) => {
    const token = await taskOf();
    expect([await statusOf(token), await statusOf(token, second)]).toEqual([200, 200]);
    const { status, body, headers } = await revoke(token, bearer(token));
    expect([status, body, headers.get("cache-control")]).toEqual([200, {}, "no-store"]);
    expect(await statusOf(token)).toBe(401);
    expect(await until(() => statusOf(token, second), 401)).toBeLessThan(1_000);
  });

  it("by the subject whose token it was made from, with a new token", async () => {
    const pod = await issuer.sign(signer, { sub: "pod" });
    const token = await taskOf({ subject_token: pod, subject_token_type: JWT });
    expect((await revoke(token, key)).body["error"]).toBe("unauthorized_client");
    clock += 2_000;
    expect((await revoke(token, await issuer.sign(signer, { sub: "pod" }))).status).toBe(200);
    expect(await statusOf(token)).toBe(401);
  });

  it("by nobody else: not another key, not a task credential beside it or made from it", async () => {
    const token = await taskOf();
    const beside = await taskOf();
    const below = String((await again(token)).body["access_token"]);
    for (const bearer of [foreignKey, beside, below]) {
      const { status, body } = await revoke(token, bearer);
      expect([status, body["error"]]).toEqual([400, "unauthorized_client"]);
    }
    expect(await statusOf(token)).toBe(200);
    const bad = await revoke(token, "nonsense");
    expect([bad.status, bad.body["error"]]).toEqual([401, "invalid_client"]);
  });

  it("takes with it what was made from it, and not what it was made from", async () => {
    const token = await taskOf();
    const below = String((await again(token)).body["access_token"]);
    const lowest = String((await again(below)).body["access_token"]);
    await revoke(below, token);
    expect([await statusOf(token), await statusOf(below), await statusOf(lowest)]).toEqual([200, 401, 401]);
    expect((await again(lowest)).status).toBe(400);
  });

  it("of what is no task credential, or dead already, is no error", async () => {
    const token = await taskOf();
    for (let turn = 0; turn < 2; turn++) expect((await revoke(token)).status).toBe(200);
    for (const none of ["nonsense", "a.b.c", await issuer.sign(signer, { sub: "pod" })]) {
      expect((await revoke(none)).status).toBe(200);
      expect((await revoke(none, key)).status).toBe(200);
    }
    expect((await revoke(key)).body["error"]).toBe("unsupported_token_type");
    expect((await form("/v1/token/revoke", {})).body["error"]).toBe("invalid_request");
  });

  it("is forgotten an hour after the credential would have expired", async () => {
    const rows = () => database.db.revokedToken.count();
    const before = await rows();
    expect(before).toBeGreaterThan(0);
    await forgetRevokedTokens({ db: database.db, now: new Date(clock + 900_000) });
    expect(await rows()).toBe(before);
    await forgetRevokedTokens({ db: database.db, now: new Date(clock + 3_600_000 + 902_001) });
    expect(await rows()).toBe(0);
  });

  it("is not said to be done while it cannot be written down", async () => {
    const token = await taskOf();
    await database.pool.query("ALTER TABLE revoked_token RENAME TO hidden");
    try {
      const { status, body, headers } = await revoke(token);
      expect([status, body["error"], headers.get("retry-after")]).toEqual([
        503,
        "temporarily_unavailable",
        "1",
      ]);
    } finally {
      await database.pool.query("ALTER TABLE hidden RENAME TO revoked_token");
    }
    expect((await revoke(token)).status).toBe(200);
  });
});

describe("what a task credential hangs on", () => {
  async function fresh() {
    const built = await buildWorkload(database.db, [ids["first"] ?? ""], { kind: "static" });
    await until(() => statusOf(built.credential), 200);
    await until(() => statusOf(built.credential, second), 200);
    return { ...built, token: await taskOf({ subject_token: built.credential }) };
  }
  const dies = async (token: string) => {
    expect(await until(() => statusOf(token), 401)).toBeLessThan(1_000);
    expect(await until(() => statusOf(token, second), 401)).toBeLessThan(1_000);
  };

  it("its key: revoked", async () => {
    const { token, prefix } = await fresh();
    await database.db.credential.update({ where: { prefix }, data: { revokedAt: now() } });
    await dies(token);
  });

  it("its workload: retired, or its task credentials ended, but not those issued since", async () => {
    const one = await fresh();
    await database.db.workload.update({ where: { id: one.workload.id }, data: { retiredAt: now() } });
    await dies(one.token);
    const two = await fresh();
    clock += 1;
    await database.db.workload.update({ where: { id: two.workload.id }, data: { tasksValidFrom: now() } });
    await dies(two.token);
    expect(await statusOf(await taskOf({ subject_token: two.credential }))).toBe(200);
  });

  it("its use case: no longer served", async () => {
    const { token, workload } = await fresh();
    await database.db.workloadUseCase.deleteMany({ where: { workloadId: workload.id } });
    expect(await until(() => statusOf(token), 403)).toBeLessThan(1_000);
  });

  it("its binding: removed", async () => {
    const pod = await issuer.sign(signer, { sub: "pod" });
    const token = await taskOf({ subject_token: pod, subject_token_type: JWT });
    expect(await statusOf(token)).toBe(200);
    await database.db.workloadFederation.updateMany({
      where: { subject: "pod" },
      data: { removedAt: now() },
    });
    await dies(token);
  });
});
