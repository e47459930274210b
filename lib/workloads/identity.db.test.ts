import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import { createOutbound, type Outbound } from "@/lib/net/outbound";
import { useTestDatabase } from "@/lib/testing/database";
import { makeKey } from "@/lib/testing/issuer";
import {
  as,
  type Cast,
  expectAudited,
  expectRefused,
  inDays,
  makeCast,
  makeUseCase,
  NOW,
} from "@/lib/testing/people";
import { addFederation } from "./add-federation";
import { addIssuer } from "./add-issuer";
import { checkIssuer } from "./check-issuer";
import { createWorkload } from "./create-workload";
import { issueCredential } from "./issue-credential";
import { listIssuers } from "./issuer-queries";
import { getWorkload, listWorkloads } from "./queries";
import { removeFederation } from "./remove-federation";
import { retireIssuer } from "./retire-issuer";
import { retireWorkload } from "./retire-workload";
import { revokeTasks } from "./revoke-tasks";
import { rotateCredential } from "./rotate-credential";

const test = useTestDatabase();
let cast: Cast;
let server: Server;
let inside: Outbound;
let base: string;
const answers = new Map<string, { status?: number; body: unknown }>();
const by = (actor: PersonActor, now: Date = NOW) => as(test.db, actor, now);
const reason = "It moved elsewhere.";

beforeAll(async () => {
  cast = await makeCast(test.db);
  const { slug } = await makeUseCase(test.db, cast);
  for (const name of ["gateway", "other", "leaving"]) {
    await createWorkload(by(cast.owner), { slug: name, name, useCases: [slug] });
  }
  server = createServer((request, response) => {
    const { status = 200, body } = answers.get(request.url ?? "") ?? { status: 404, body: "" };
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  inside = createOutbound([new URL(base).host, "closed.invalid"]);
});
afterAll(() => {
  inside.close();
  server.closeAllConnections();
  server.close();
});

async function someIssuer(issuer: string, jwksUri: string | null = null) {
  return addIssuer(by(cast.admin), { name: issuer, issuer, jwksUri }, inside);
}

describe("issuers", () => {
  it("are added and retired by admins alone, each time with an entry", async () => {
    const input = { name: "GitHub", issuer: "https://token.actions.example.com" };
    const added = await expectAudited(by(cast.admin), "issuer.added", () => addIssuer(by(cast.admin), input));
    expect(added).toMatchObject({ ...input, jwksUri: null, retiredAt: null, federations: 0 });
    for (const actor of [cast.lead, cast.owner, cast.risk, cast.auditor]) {
      const another = { ...input, issuer: "https://another.example.com" };
      await expectRefused(test.db, () => addIssuer(by(actor), another), "forbidden");
      await expectRefused(test.db, () => retireIssuer(by(actor), { id: added.id, reason }), "forbidden");
      await expectRefused(test.db, () => checkIssuer(by(actor), { id: added.id }), "forbidden");
    }
    await expectRefused(test.db, () => addIssuer(by(cast.admin), input), "conflict", "issuer");
    const retire = () => retireIssuer(by(cast.admin), { id: added.id, reason });
    await expectAudited(by(cast.admin), "issuer.retired", retire);
    await expectRefused(test.db, retire, "conflict");
    expect((await addIssuer(by(cast.admin), input)).id).not.toBe(added.id);
  });

  it("may not lie in a private network, by their address or that of their keys", async () => {
    const add = (issuer: string, jwksUri: string | null = null) =>
      addIssuer(by(cast.admin), { name: "x", issuer, jwksUri }, createOutbound([]));
    await expectRefused(test.db, () => add("http://issuer.example.com"), "invalid", "issuer");
    await expectRefused(test.db, () => add("https://169.254.169.254"), "invalid", "issuer");
    await expectRefused(
      test.db,
      () => add("https://a.example.com", "https://10.0.0.1/k"),
      "invalid",
      "jwksUri",
    );
  });

  it("are listed a page at a time, with whose tokens they give", async () => {
    for (const name of ["a", "b", "c"]) await someIssuer(`https://${name}.list.example.com`);
    const first = await listIssuers(by(cast.auditor), { limit: 2 });
    expect(first.items.map(({ issuer }) => issuer)).toEqual([
      "https://c.list.example.com",
      "https://b.list.example.com",
    ]);
    const next = await listIssuers(by(cast.auditor), { limit: 2, cursor: first.nextCursor ?? "" });
    expect(next.items[0]?.issuer).toBe("https://a.list.example.com");
    expect(next.total).toBe(first.total);
  });
});

describe("a check", () => {
  it("says how many keys were found, and for which algorithms", async () => {
    const keys = [
      (await makeKey("a", "RS256")).jwk,
      (await makeKey("b")).jwk,
      (await makeKey("c", "ES384")).jwk,
    ];
    answers.set("/jwks", { body: { keys: [...keys, { kty: "oct", k: "c2VjcmV0" }] } });
    answers.set("/.well-known/openid-configuration", { body: { issuer: base, jwks_uri: `${base}/jwks` } });
    const { id } = await someIssuer(base);
    expect(await checkIssuer(by(cast.admin), { id }, inside)).toEqual({
      found: true,
      jwksUri: `${base}/jwks`,
      keys: 2,
      unusable: 2,
      algorithms: ["ES256", "RS256"],
    });
  });

  it.each([
    ["/none", undefined, "The key set is answered with status 404."],
    ["/text", { body: "<html>" }, "The key set is not JSON."],
    ["/empty", { body: { keys: [] } }, "The key set holds no public key for RS256, PS256, ES256, EdDSA."],
    ["/list", { body: { keys: "x" } }, "The key set holds no list of keys."],
    ["/many", { body: { keys: Array(101).fill({}) } }, "The key set holds more than 100 keys."],
    ["/redirect", { status: 302, body: "" }, "The key set is answered with status 302."],
    [
      "/long",
      { body: "x".repeat(300_000) },
      "The key set cannot be fetched: the answer is longer than 262144 bytes.",
    ],
  ])("says what is in the way at %s", async (path, answer, why) => {
    if (answer) answers.set(path, answer);
    const { id } = await someIssuer(`https://keys.example.com${path}`, `${base}${path}`);
    expect(await checkIssuer(by(cast.admin), { id }, inside)).toEqual({ found: false, why });
  });

  it("says when nobody answers, or nobody may be asked", async () => {
    const away = await someIssuer("http://closed.invalid");
    expect(await checkIssuer(by(cast.admin), { id: away.id }, inside)).toMatchObject({
      found: false,
      why: expect.stringMatching(
        /^The discovery document cannot be fetched: (there is no host|the name cannot)/,
      ),
    });
    const { id } = await someIssuer("https://moved.example.com", `${base}/jwks`);
    expect(await checkIssuer(by(cast.admin), { id }, createOutbound([]))).toEqual({
      found: false,
      why: "The key set cannot be fetched: its address must be https, or a host in SLUICE_OUTBOUND_ALLOW.",
    });
  });
});

describe("bindings", () => {
  it("are added by who may manage the workload, and end with an entry", async () => {
    const issuer = (await someIssuer("https://bind.example.com")).id;
    const input = { workload: "gateway", issuer, audience: "sluice", subject: "repo:acme/app:*" };
    const add = () => addFederation(by(cast.owner), input);
    const bound = await expectAudited(by(cast.owner), "federation.added", add);
    expect(bound.federations).toMatchObject([
      { audience: "sluice", subject: "repo:acme/app:*", broad: null },
    ]);
    for (const actor of [cast.lead, cast.risk, cast.auditor, cast.business]) {
      await expectRefused(test.db, () => addFederation(by(actor), { ...input, audience: "x" }), "forbidden");
    }
    const unknown = { ...input, issuer: "01900000-0000-7000-8000-000000000001" };
    await expectRefused(test.db, () => addFederation(by(cast.owner), unknown), "invalid", "issuer");
    const id = bound.federations[0]?.id ?? "";
    const remove = () => removeFederation(by(cast.owner), { workload: "gateway", id, reason });
    expect((await expectAudited(by(cast.owner), "federation.removed", remove)).federations).toEqual([]);
    await expectRefused(test.db, remove, "not_found");
  });

  it("do not overlap: a token is one workload's, whoever asks at the same instant", async () => {
    const issuer = (await someIssuer("https://overlap.example.com")).id;
    const add = (workload: string, subject: string, audience = "sluice") =>
      addFederation(by(cast.admin), { workload, issuer, audience, subject });
    await add("gateway", "repo:acme/app:*");
    await expectRefused(test.db, () => add("other", "repo:acme/*"), "rule");
    await expectRefused(test.db, () => add("gateway", "repo:acme/app:main"), "rule");
    await add("other", "repo:acme/*", "another");
    await add("other", "repo:acme/api:*");
    const race = await Promise.allSettled([add("gateway", "race:*"), add("other", "race:*")]);
    expect(race.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("go with their issuer", async () => {
    const { id: issuer } = await someIssuer("https://ends.example.com");
    await addFederation(by(cast.owner), { workload: "other", issuer, audience: "sluice", subject: "a" });
    await retireIssuer(by(cast.admin), { id: issuer, reason });
    const { federations } = await getWorkload(by(cast.owner), { slug: "other" });
    expect(federations.filter((one) => one.issuer.id === issuer)).toEqual([]);
    const again = { workload: "other", issuer, audience: "sluice", subject: "a" };
    await expectRefused(test.db, () => addFederation(by(cast.owner), again), "invalid", "issuer");
  });
});

describe("a rotation", () => {
  it("issues a new credential and lets the old one in until then, and no longer than before", async () => {
    const old = await issueCredential(by(cast.owner), {
      workload: "gateway",
      label: "eu",
      expiresAt: inDays(30),
    });
    const input = { workload: "gateway", id: old.id, expiresAt: inDays(90), oldUntil: inDays(7) };
    for (const actor of [cast.lead, cast.risk, cast.auditor]) {
      await expectRefused(test.db, () => rotateCredential(by(actor), input), "forbidden");
    }
    const longer = { ...input, oldUntil: inDays(31) };
    await expectRefused(test.db, () => rotateCredential(by(cast.owner), longer), "rule");
    const tooLong = { ...input, expiresAt: inDays(366) };
    await expectRefused(test.db, () => rotateCredential(by(cast.owner), tooLong), "rule");
    const fresh = await expectAudited(by(cast.owner), "credential.rotated", () =>
      rotateCredential(by(cast.owner), input),
    );
    expect(fresh).toMatchObject({ label: "eu", kind: "static", expiresAt: inDays(90), state: "valid" });
    expect(fresh.credential).not.toBe(old.credential);
    const { credentials } = await getWorkload(by(cast.owner), { slug: "gateway" });
    expect(credentials.find(({ id }) => id === old.id)?.expiresAt).toBe(inDays(7));
    const later = by(cast.owner, new Date(inDays(8)));
    await expectRefused(test.db, () => rotateCredential(later, input), "rule");
  });
});

describe("task credentials and workloads", () => {
  it("task credentials are ended by who may revoke a credential", async () => {
    const end = (actor: PersonActor) => revokeTasks(by(actor), { workload: "gateway", reason });
    const ended = await expectAudited(by(cast.lead), "tasks.revoked", () => end(cast.lead));
    expect(ended.tasksValidFrom).toBe(NOW.toISOString());
    for (const actor of [cast.risk, cast.auditor])
      await expectRefused(test.db, () => end(actor), "forbidden");
  });

  it("a retired workload is in no list, and nobody acts on it any more", async () => {
    const retire = () => retireWorkload(by(cast.owner), { workload: "leaving", reason });
    const retired = await expectAudited(by(cast.owner), "workload.retired", retire);
    expect(retired).toMatchObject({ retiredAt: NOW.toISOString(), actions: [] });
    await expectRefused(test.db, retire, "rule");
    const issue = { workload: "leaving", label: "x", expiresAt: inDays(9) };
    await expectRefused(test.db, () => issueCredential(by(cast.owner), issue), "rule");
    const { items } = await listWorkloads(by(cast.owner), { limit: 50 });
    expect(items.map(({ slug }) => slug)).not.toContain("leaving");
  });
});
