import { createHmac } from "node:crypto";
import { exportSPKI, importJWK } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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
import { until } from "@/lib/testing/until";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
const MINUTE = 60_000;
let clock = Date.now();
const now = () => new Date(clock);
let issuer: TestIssuer;
let issuerId: string;
let one: TestKey;
let workloadId: string;
let otherId: string;
let useCaseId: string;
let point: DecisionPoint;

beforeAll(async () => {
  const { id } = await buildUseCase(database.db, { slug: "support-bot" });
  useCaseId = id;
  await buildPolicyVersion(database.db, id, buildDocument());
  workloadId = (await buildWorkload(database.db, [id], { slug: "app" })).workload.id;
  otherId = (await buildWorkload(database.db, [id], { slug: "other" })).workload.id;
  issuer = await startIssuer(now);
  one = await makeKey("one");
  issuer.keys = [one.jwk];
  issuerId = (
    await buildIssuer(database.db, issuer.url, [
      { workloadId, subject: "repo:acme/app:*" },
      { workloadId: otherId, subject: "repo:acme/*:both" },
    ])
  ).id;
  point = await startTestPoint(database.url, { now, outboundAllow: [issuer.host] });
});
afterAll(async () => {
  await point?.stop();
  issuer?.stop();
});
beforeEach(() => {
  issuer.away = false;
  issuer.discovery = {};
});

const ask = (token: string) => post(`${point.url}/v1/decisions`, token, { action: "prompt" });
const statusOf = async (token: string) => (await ask(token)).status;
const seconds = () => Math.floor(clock / 1000);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token of a configured issuer", () => {
  it("opens the door to the workload that its subject is bound to, and counts as federated", async () => {
    const { status, body } = await ask(await issuer.sign(one));
    expect(status).toBe(200);
    const { rows } = await database.pool.query(
      "SELECT facts FROM fact JOIN decision ON fact = digest WHERE decision.id = $1",
      [body["decisionId"]],
    );
    expect(rows[0].facts).toMatchObject({ workload: "app", credential: { kind: "federated", ageBucket: 1 } });
  });

  it.each(["RS256", "PS256", "ES256", "EdDSA"])("may be signed by %s", async (alg) => {
    const key = await makeKey(`of ${alg}`, alg);
    issuer.keys = [one.jwk, key.jwk];
    clock += MINUTE;
    expect(await statusOf(await issuer.sign(key))).toBe(200);
  });

  it.each(["RS512", "ES384"])("is not taken when signed by %s", async (alg) => {
    const key = await makeKey(`of ${alg}`, alg);
    issuer.keys = [one.jwk, key.jwk];
    clock += MINUTE;
    expect(await statusOf(await issuer.sign(key))).toBe(401);
  });

  it("costs its issuer nothing when it comes again", async () => {
    const token = await issuer.sign(one);
    expect(await statusOf(token)).toBe(200);
    const before = issuer.fetches;
    for (let i = 0; i < 20; i++) expect(await statusOf(token)).toBe(200);
    expect(issuer.fetches).toBe(before);
  });

  it("is good until 60 seconds after it expires, to the millisecond", async () => {
    const exp = seconds() + 30;
    const token = await issuer.sign(one, { exp });
    const start = clock;
    clock = (exp + 60) * 1000 - 1;
    expect(await statusOf(token)).toBe(200);
    clock += 1;
    const { status, body } = await ask(token);
    expect([status, body["detail"]]).toEqual([401, "The token has expired."]);
    const fresh = await issuer.sign(one, { exp, iat: exp - 5 });
    expect(await statusOf(fresh)).toBe(401);
    clock = start;
  });

  it("begins at most 60 seconds ahead", async () => {
    const at = seconds();
    expect(await statusOf(await issuer.sign(one, { nbf: at + 60 }))).toBe(200);
    expect(await statusOf(await issuer.sign(one, { nbf: at + 62 }))).toBe(401);
    expect(await statusOf(await issuer.sign(one, { iat: at + 60 }))).toBe(200);
    expect(await statusOf(await issuer.sign(one, { iat: at + 62 }))).toBe(401);
  });

  it("is good for at most a day", async () => {
    const iat = seconds();
    expect(await statusOf(await issuer.sign(one, { iat, exp: iat + 86_400 }))).toBe(200);
    const { status, body } = await ask(await issuer.sign(one, { iat, exp: iat + 86_401 }));
    expect([status, body["detail"]]).toEqual([401, "The token is good for more than 24 hours."]);
  });

  it.each([
    ["another audience", { aud: "other" }],
    ["no audience", { aud: [] }],
    ["another subject", { sub: "repo:evil/app:main" }],
    ["a subject that only ends so", { sub: "x repo:acme/app:main" }],
    ["an empty subject", { sub: "" }],
    ["a subject that is no text", { sub: 7 as unknown as string }],
    ["another issuer", { iss: "https://other.example.com" }],
    ["an issuer with a slash more", { iss: "+/" }],
    ["no time", { iat: undefined as unknown as number }],
    ["no end", { exp: undefined as unknown as number }],
  ])("is refused for %s", async (_, claims) => {
    const iss = "iss" in claims && claims.iss === "+/" ? { iss: `${issuer.url}/` } : {};
    expect(await statusOf(await issuer.sign(one, { ...claims, ...iss }))).toBe(401);
  });

  it("may name several audiences", async () => {
    expect(await statusOf(await issuer.sign(one, { aud: ["other", "sluice"] }))).toBe(200);
  });

  it("is refused when the bindings of two workloads fit it", async () => {
    const { status, body } = await ask(await issuer.sign(one, { sub: "repo:acme/app:both" }));
    expect(status).toBe(401);
    expect(body["detail"]).toMatch(/^Two workloads/);
  });
});

describe("a token that is made up", () => {
  const claims = () => ({
    iss: issuer.url,
    aud: "sluice",
    sub: "repo:acme/app:main",
    iat: seconds(),
    exp: seconds() + 600,
  });

  it("is refused without a signature, whatever it says of itself", async () => {
    for (const alg of ["none", "None", "NONE", ""]) {
      for (const signature of ["", "AA"]) {
        expect(await statusOf(`${part({ alg })}.${part(claims())}.${signature}`)).toBe(401);
      }
    }
  });

  it("is refused when the public key was used as a secret", async () => {
    const pem = await exportSPKI((await importJWK(one.jwk, "ES256")) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(one.jwk), String(one.jwk.x)]) {
      const signed = `${part({ alg: "HS256", kid: "one" })}.${part(claims())}`;
      const signature = createHmac("sha256", secret).update(signed).digest("base64url");
      expect(await statusOf(`${signed}.${signature}`)).toBe(401);
    }
  });

  it("is refused when it brings its own key, and none of its addresses is called", async () => {
    const thief = await startIssuer(now);
    const key = await makeKey("theirs");
    thief.keys = [key.jwk];
    const { kid: _, ...jwk } = key.jwk;
    for (const header of [
      { jku: `${thief.url}/jwks` },
      { jwk },
      { x5u: `${thief.url}/jwks` },
      { jku: `${thief.url}/jwks`, kid: "one" },
      { jwk, kid: "one" },
    ]) {
      expect(await statusOf(await issuer.sign(key, {}, header))).toBe(401);
    }
    expect(await statusOf(await thief.sign(key))).toBe(401);
    expect(thief.fetches).toBe(0);
    thief.stop();
  });

  it("is refused with another's signature, or with one bit changed", async () => {
    const token = await issuer.sign(one);
    const [head, , signature = ""] = token.split(".");
    expect(await statusOf(`${head}.${part({ ...claims(), sub: "repo:acme/app:evil" })}.${signature}`)).toBe(
      401,
    );
    const other = `${signature[0] === "A" ? "B" : "A"}${signature.slice(1)}`;
    expect(await statusOf(`${token.slice(0, -signature.length)}${other}`)).toBe(401);
  });

  it.each([
    "a.b.c",
    "..",
    "e30.e30.e30",
    `${part({ alg: "ES256" })}.bm9uc2Vuc2U.AA`,
    `${part({ alg: "ES256", crit: ["exp"] })}.${part({ iss: "sluice" })}.AA`,
    `${part([])}.${part(null)}.AA`,
    `${part({ alg: "HS256", typ: "at+jwt" })}.${part({ iss: "sluice", sub: "x" })}.${part("x")}`,
    `${part({ alg: "ES256" })}.${part({ iss: { a: 1 } })}.AA`,
    "x".repeat(12_000),
  ])("is refused when malformed", async (token) => expect(await statusOf(token)).toBe(401));

  it("of 1 MiB is refused before it is read", async () => {
    const huge = `${part({ alg: "ES256" })}.${"A".repeat(1_048_576)}.AA`;
    const answer = await fetch(`${point.url}/v1/decisions`, {
      method: "POST",
      headers: { authorization: `Bearer ${huge}` },
    }).then(
      ({ status }) => status,
      () => 431,
    );
    expect(answer).toBe(431);
    const form = new URLSearchParams({ grant_type: "x", subject_token: huge });
    expect((await fetch(`${point.url}/v1/token`, { method: "POST", body: form })).status).toBe(413);
  });
});

describe("the keys of an issuer", () => {
  it("are fetched anew for one that is not known: a rotation goes unnoticed", async () => {
    clock += MINUTE;
    const two = await makeKey("two");
    issuer.keys = [one.jwk, two.jwk];
    const before = issuer.fetches;
    expect(await statusOf(await issuer.sign(two))).toBe(200);
    expect(issuer.fetches).toBe(before + 1);
  });

  it("are fetched once, however many tokens name unknown ones at once and after each other", async () => {
    clock += MINUTE;
    const before = issuer.fetches;
    const strange = await makeKey("x");
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, i) => issuer.sign({ ...strange, kid: `strange ${i}` })),
    );
    const statuses = await Promise.all(tokens.map(statusOf));
    for (const token of tokens) statuses.push(await statusOf(token));
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(issuer.fetches).toBe(before + 1);
    clock += 30_000;
    await Promise.all(tokens.map(statusOf));
    expect(issuer.fetches).toBe(before + 2);
  });

  it("are no longer believed 10 minutes after they were withdrawn, tokens known before included", async () => {
    clock += 11 * MINUTE;
    const leaked = await makeKey("leaked");
    issuer.keys = [one.jwk, leaked.jwk];
    const token = await issuer.sign(leaked, { exp: seconds() + 7_200 });
    expect(await statusOf(token)).toBe(200);
    issuer.keys = [one.jwk];
    clock += 10 * MINUTE - 1;
    expect(await statusOf(token)).toBe(200);
    clock += 1;
    expect(await statusOf(token)).toBe(401);
    expect(await statusOf(await issuer.sign(one))).toBe(200);
  });

  it("are believed for a day while the issuer is away, which is asked again every 30 seconds", async () => {
    const start = clock;
    clock += 11 * MINUTE;
    expect(await statusOf(await issuer.sign(one))).toBe(200);
    const fetched = clock;
    issuer.away = true;
    clock = fetched + 86_400_000 - 1;
    const before = issuer.fetches;
    expect(await statusOf(await issuer.sign(one))).toBe(200);
    expect(await statusOf(await issuer.sign(one))).toBe(200);
    expect(issuer.fetches).toBe(before);
    clock = fetched + 86_400_000;
    const { status, body, headers } = await ask(await issuer.sign(one));
    expect([status, body["code"], headers.get("retry-after")]).toEqual([503, "unavailable", "30"]);
    issuer.away = false;
    clock += 30_000;
    expect(await statusOf(await issuer.sign(one))).toBe(200);
    clock = start + 86_400_000 + 12 * MINUTE;
  });

  it("are not taken from a discovery document that names another issuer", async () => {
    const liar = await startIssuer(now);
    liar.keys = [one.jwk];
    liar.discovery = { issuer: issuer.url };
    await buildIssuer(database.db, liar.url, [{ workloadId, subject: "*" }]);
    const second = await startTestPoint(database.url, { now, outboundAllow: [liar.host], name: "second" });
    const answer = await post(`${second.url}/v1/decisions`, await liar.sign(one), { action: "prompt" });
    expect(answer.status).toBe(503);
    expect(liar.fetches).toBe(0);
    await second.stop();
    liar.stop();
  });

  it("are not fetched from inside the own network unless that was allowed", async () => {
    const inside = await startIssuer(now);
    inside.keys = [one.jwk];
    await buildIssuer(database.db, inside.url, [{ workloadId, subject: "*" }]);
    await until(async () => statusOf(await inside.sign(one)), 503);
    expect(inside.fetches).toBe(0);
    inside.stop();
  });
});

describe("what is configured", () => {
  it("ends at once: a binding, a workload, an issuer, while the token was known", async () => {
    const gone = await buildWorkload(database.db, [useCaseId], { slug: "gone" });
    const other = await startIssuer(now);
    other.keys = [one.jwk];
    const { id } = await buildIssuer(
      database.db,
      other.url,
      [
        { workloadId: gone.workload.id, subject: "gone" },
        { workloadId, subject: "unbound" },
        { workloadId, subject: "kept" },
      ],
      `${issuer.url}/jwks`,
    );
    const [retired, unbound, kept] = [
      await other.sign(one, { sub: "gone" }),
      await other.sign(one, { sub: "unbound" }),
      await other.sign(one, { sub: "kept" }),
    ];
    for (const token of [retired, unbound, kept]) await until(() => statusOf(token), 200);
    await database.db.workload.update({ where: { slug: "gone" }, data: { retiredAt: now() } });
    expect(await until(() => statusOf(retired), 401)).toBeLessThan(1_000);
    await database.db.workloadFederation.updateMany({
      where: { subject: "unbound" },
      data: { removedAt: now() },
    });
    expect(await until(() => statusOf(unbound), 401)).toBeLessThan(1_000);
    expect(await statusOf(kept)).toBe(200);
    await database.db.federatedIssuer.update({ where: { id }, data: { retiredAt: now() } });
    expect(await until(() => statusOf(kept), 401)).toBeLessThan(1_000);
    other.stop();
  });

  it("only ends: what an issuer or a binding says does not change", async () => {
    const change = (sql: string) => database.pool.query(sql, [issuerId]);
    const evil = "'https://evil.example.com'";
    for (const sql of [
      `UPDATE federated_issuer SET issuer = ${evil} WHERE id = $1`,
      `UPDATE federated_issuer SET jwks_uri = ${evil} WHERE id = $1`,
      "UPDATE workload_federation SET subject = '*' WHERE issuer_id = $1",
    ]) {
      await expect(change(sql)).rejects.toThrow(/only ends/);
    }
  });
});
