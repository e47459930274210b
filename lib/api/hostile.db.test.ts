import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { hashPassword } from "@/lib/access/password";
import { exampleDocument } from "@/lib/policy/testing";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, inDays, makeCast, makeUseCase } from "@/lib/testing/people";
import { createWorkload } from "@/lib/workloads/create-workload";
import { issueCredential } from "@/lib/workloads/issue-credential";
import type { Problem } from "./problem";

interface Parameter {
  name: string;
  in: "path" | "query";
}
interface Route {
  path: string;
  method: string;
  parameters: Parameter[];
}

const PASSWORD = "a long enough password";
const test = useTestDatabase();
const api = testApi(test);
const known: Record<string, string> = {};
const secrets: string[] = [];
let cast: Cast;
let routes: Route[];
beforeAll(async () => {
  process.env["SLUICE_SECRET"] ??= "a secret of tests, of at least 32 characters";
  cast = await makeCast(test.db);
  const useCase = await makeUseCase(test.db, cast);
  const passwordHash = await hashPassword(PASSWORD);
  await test.db.person.updateMany({ data: { passwordHash } });
  await createWorkload(as(test.db, cast.owner), { slug: "gateway", name: "GW", useCases: [useCase.slug] });
  const expiresAt = inDays(30);
  const issued = await issueCredential(as(test.db, cast.owner), {
    workload: "gateway",
    label: "x",
    expiresAt,
  });
  secrets.push(passwordHash, "$argon2", "passwordHash", "secretHash", "tokenHash", issued.credential);
  Object.assign(known, { "/use-cases": useCase.slug, "/workloads": "gateway", "/people": cast.lead.id });
  const { body } = await api.call<{ paths: Record<string, Record<string, { parameters?: Parameter[] }>> }>(
    null,
    "GET",
    "/openapi.json",
  );
  routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      path: path.replace("/api/v1", ""),
      method: method.toUpperCase(),
      parameters,
    })),
  );
});

const HOSTILE = [
  "%00",
  "a%00b",
  "'%20OR%201%3D1%20--",
  "%ED%A0%80",
  "%F0%9F%92%A9",
  "__proto__",
  "constructor",
  "..%2F..%2F..%2Fetc%2Fpasswd",
  "-1",
  "99999999999999999999",
  "NaN",
  "x".repeat(5000),
];

const filled = (path: string, value: string) => path.replace(/\{\w+\}/g, value);

async function statusOf(actor: PersonActor | null, method: string, path: string, body?: unknown) {
  return (await api.call(actor, method, path, body)).status;
}

describe("every route", () => {
  it("is one that this test knows how to find", () => {
    expect(routes.length).toBeGreaterThan(45);
    expect(routes.filter(({ method }) => method !== "GET").length).toBeGreaterThan(20);
  });

  it("asks who it is, but for the setup", async () => {
    for (const { path, method } of routes) {
      const status = await statusOf(null, method, filled(path, "x"), method === "GET" ? undefined : {});
      expect([method, path, status]).toEqual([method, path, path === "/setup" ? 400 : 401]);
    }
  });

  it("changes nothing for a person without any role", async () => {
    const entries = await test.db.auditEntry.count();
    for (const { path, method } of routes.filter((route) => route.method !== "GET")) {
      const at = filled(path, known[path.replace(/\/\{.*/, "")] ?? "x");
      const answer = await api.call(cast.business, method, at, {});
      expect(answer.status, `${method} ${at}`).toBeGreaterThanOrEqual(400);
      expect(answer.status, `${method} ${at}`).toBeLessThan(500);
    }
    expect(await test.db.auditEntry.count()).toBe(entries);
  });

  it.each(HOSTILE)("is told what it cannot read of %j in its path, and never breaks", async (value) => {
    for (const { path, method } of routes.filter((route) => route.path.includes("{"))) {
      const status = await statusOf(
        cast.lead,
        method,
        filled(path, value),
        method === "GET" ? undefined : {},
      );
      expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
      expect(status, `${method} ${path}`).toBeLessThan(500);
    }
  });

  it.each(HOSTILE)("and in each parameter of its query", async (value) => {
    const window = `from=${inDays(-7)}&to=${inDays(0)}&bucket=day&dimension=model`;
    for (const { path, parameters } of routes.filter((route) => route.method === "GET")) {
      const at = filled(path, known[path.replace(/\/\{.*/, "")] ?? "x");
      for (const { name } of parameters.filter((one) => one.in === "query")) {
        const names = new Set(parameters.map((one) => one.name));
        const query = new URLSearchParams(window);
        for (const other of [...query.keys()]) if (!names.has(other) || other === name) query.delete(other);
        const status = await statusOf(cast.lead, "GET", `${at}?${query}&${name}=${value}`);
        expect(status, `${at} ${name}`).toBeLessThan(500);
      }
    }
  });

  it("shows no secret to anybody", async () => {
    for (const actor of [cast.admin, cast.lead, cast.auditor]) {
      for (const { path } of routes.filter(
        (route) => route.method === "GET" && route.path !== "/openapi.json",
      )) {
        const at = filled(path, known[path.replace(/\/\{.*/, "")] ?? "x");
        if (at.endsWith(".pem")) continue;
        const text = JSON.stringify((await api.call(actor, "GET", at)).body);
        for (const secret of secrets) expect(text, `${at} holds ${secret}`).not.toContain(secret);
      }
    }
    const entries = await test.db.auditEntry.findMany({ omit: { number: true } });
    for (const secret of secrets) expect(JSON.stringify(entries)).not.toContain(secret);
  });
});

describe("JSON that is meant to break", () => {
  const draft = (proposal: string) =>
    api.call<Problem & { proposal: unknown }>(
      cast.owner,
      "POST",
      "/changes",
      `{"useCase":"${known["/use-cases"]}","baseVersion":1,"justification":"Long enough.","proposal":${proposal}}`,
    );

  it("nested half a million deep is refused like any other", async () => {
    for (const deep of [
      `${"[".repeat(500_000)}${"]".repeat(500_000)}`,
      `${'{"a":'.repeat(150_000)}1${"}".repeat(150_000)}`,
    ]) {
      const answer = await draft(deep);
      expect([answer.status, answer.body.code]).toEqual([400, "invalid"]);
    }
  });

  it("reaches neither the prototype nor a proposal by the names of an object's own parts", async () => {
    const text = JSON.stringify(exampleDocument);
    const inControls = (key: string) =>
      text.replace('"controls":{', `"controls":{"${key}":{"mode":"log","polluted":1},`);
    const atTop = (key: string) => text.replace("{", `{"${key}":{"stage":"enforcing"},`);
    for (const key of ["constructor", "prototype", "toString"]) {
      for (const proposal of [inControls(key), atTop(key)]) {
        expect((await draft(proposal)).status, key).toBe(400);
      }
    }
    expect((await draft(atTop("__proto__"))).status).toBe(400);
    expect(await test.db.changeRequest.count()).toBe(0);
    const kept = await draft(inControls("__proto__"));
    expect(kept).toMatchObject({ status: 201, body: { proposal: exampleDocument } });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
