import { beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { ROLES, type TokenScope } from "@/lib/access/permissions";
import type { ChangeView } from "@/lib/changes/views";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
import { as, type Cast, inDays, makeActor, makeCast, makeUseCase } from "@/lib/testing/people";
import { createToken } from "@/lib/tokens/create-token";
import { scopeFor } from "./token-door";

interface Route {
  method: string;
  path: string;
}

const test = useTestDatabase();
const api = testApi(test);
let cast: Cast;
let routes: Route[];
/** Somebody with every role, so that nothing is refused for want of one. */
let everything: PersonActor;
const tokens = {} as Record<TokenScope, string>;

const tokenOf = async (actor: PersonActor, scopes: TokenScope[]) =>
  (await createToken(as(test.db, actor), { label: scopes.join("+"), expiresAt: inDays(30), scopes })).token;
const bearer = (token: string) => ({ authorization: `Bearer ${token}`, "sec-fetch-site": null });

beforeAll(async () => {
  cast = await makeCast(test.db);
  everything = await makeActor(test.db, [...ROLES], "Eve Everything");
  await makeUseCase(test.db, { ...cast, owner: everything, risk: everything }, { slug: "support-bot" });
  for (const scope of ["read", "propose"] as const) tokens[scope] = await tokenOf(everything, [scope]);
  const { body } = await api.call<{ paths: Record<string, Record<string, unknown>> }>(
    null,
    "GET",
    "/openapi.json",
  );
  routes = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      path: path.replace("/api/v1", ""),
      method: method.toUpperCase(),
    })),
  );
});

const KNOWN: Record<string, string> = { "/use-cases": "support-bot", "/changes": "CHG-1" };
const filled = (path: string) => path.replace(/\{\w+\}/g, KNOWN[path.replace(/\/\{.*/, "")] ?? "x");
const writes = () => routes.filter(({ method, path }) => method !== "GET" && path !== "/setup");

/** What a repository may do; written out here, so that another route is not opened unseen. */
const MAY = [
  "POST /changes",
  "POST /changes/{id}/comments",
  "POST /changes/{id}/submit",
  "POST /changes/{id}/withdraw",
  "PUT /changes/{id}",
  "PUT /use-cases/{id}/policy",
];
const ASKS = ["POST /use-cases/{id}/policy/compare"];

describe("every route that changes something", () => {
  it("is closed to a token that reads, and most to one that proposes", async () => {
    expect(writes().length).toBeGreaterThan(30);
    const entries = await test.db.auditEntry.count();
    const open: Record<TokenScope, string[]> = { read: [], propose: [] };
    for (const { method, path } of writes()) {
      for (const scope of ["read", "propose"] as const) {
        const answer = await api.call(null, method, filled(path), {}, bearer(tokens[scope]));
        if (answer.status !== 403) open[scope].push(`${method} ${path}`);
        else expect(answer.body.code).toBe("forbidden");
      }
    }
    expect(open.read.sort()).toEqual(ASKS);
    expect(open.propose.sort()).toEqual([...MAY, ...ASKS].sort());
    expect(await test.db.auditEntry.count()).toBe(entries);
  });

  it("says so of itself, by its name and by what is called", () => {
    for (const { method, path } of routes) {
      const scope = scopeFor(method, path);
      expect(scopeFor(method, filled(path)), `${method} ${path}`).toBe(scope);
      if (method === "GET") expect(scope).toBe(path.startsWith("/evidence/packs") ? null : "read");
    }
  });
});

describe("every route that reads", () => {
  it("answers a token as it answers its person, or asks for more than reading", async () => {
    const onlySignedIn = new Set<string>();
    for (const { path } of routes.filter(
      ({ method, path }) => method === "GET" && path !== "/openapi.json",
    )) {
      const signedIn = await api.call(everything, "GET", filled(path));
      for (const scope of ["read", "propose"] as const) {
        const through = await api.call(null, "GET", filled(path), undefined, bearer(tokens[scope]));
        if (through.status === 403 && signedIn.status !== 403) onlySignedIn.add(path);
        else expect([path, through.status]).toEqual([path, signedIn.status]);
      }
    }
    // Packs are exports: `evidence:export` is in no scope.
    expect([...onlySignedIn].some((path) => path.startsWith("/evidence"))).toBe(true);
    expect(onlySignedIn.size).toBeLessThan(routes.length / 8);
  });
});

describe("a call with a token", () => {
  it("needs no page of ours behind it, and looks at no cookie", async () => {
    const me = await api.call<{ id: string }>(cast.lead, "GET", "/me", undefined, bearer(tokens.read));
    expect([me.status, me.body.id]).toEqual([200, everything.id]);
    const bad = await api.call(cast.lead, "GET", "/me", undefined, bearer("slp_none"));
    expect([bad.status, bad.body.code]).toEqual([401, "unauthenticated"]);
    const other = await api.call(cast.lead, "GET", "/me", undefined, { authorization: "Basic eDp5" });
    expect(other.status).toBe(200);
  });

  it("stands in the audit log as its person's, by the name of the token", async () => {
    const policy = await api.call<{ version: number; document: { capture: string } }>(
      null,
      "GET",
      "/use-cases/support-bot/policy",
      undefined,
      bearer(tokens.read),
    );
    const drafted = await api.call<ChangeView>(
      null,
      "POST",
      "/changes",
      {
        useCase: "support-bot",
        baseVersion: policy.body.version,
        proposal: { ...policy.body.document, capture: "none" },
        justification: "Less is kept from now on.",
      },
      bearer(tokens.propose),
    );
    expect(drafted.status).toBe(201);
    const entry = await test.db.auditEntry.findFirstOrThrow({ orderBy: { number: "desc" } });
    expect([entry.action, entry.actorId]).toEqual(["change.drafted", everything.id]);
    expect(entry.detail).toMatchObject({ via: { token: tokens.propose.split("_")[1], label: "propose" } });
    const submitted = await api.call<ChangeView>(
      null,
      "POST",
      `/changes/${drafted.body.ref}/submit`,
      undefined,
      { ...bearer(tokens.propose), "if-match": drafted.body.revision },
    );
    expect(submitted.body.status).toBe("in_review");
    const actions = submitted.body.actions.filter(({ allowed }) => allowed).map(({ name }) => name);
    expect(actions).toEqual(expect.arrayContaining(["edit", "withdraw"]));
    expect(actions.filter((name) => /approve|reject|apply|schedule|glass|accept|review$/.test(name))).toEqual(
      [],
    );
  });

  it("decides nothing, though its person could", async () => {
    const other = await tokenOf(cast.lead, ["read", "propose"]);
    const { body } = await api.call<ChangeView>(cast.lead, "GET", "/changes/CHG-1");
    expect(body.actions.find(({ name }) => name === "approve")).toMatchObject({ allowed: true });
    for (const verb of ["approve", "reject", "apply"]) {
      const answer = await api.call(
        null,
        "POST",
        `/changes/CHG-1/${verb}`,
        { note: "Fine.", proposalDigest: body.proposalDigest, evidenceDigest: body.evidenceDigest },
        bearer(other),
      );
      expect([verb, answer.status]).toEqual([verb, 403]);
    }
    const seen = await api.call<ChangeView>(null, "GET", "/changes/CHG-1", undefined, bearer(other));
    expect(seen.body.actions.find(({ name }) => name === "approve")).toMatchObject({ allowed: false });
  });
});
