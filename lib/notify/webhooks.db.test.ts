import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDb, type Db } from "@/lib/db/prisma";
import { requestException } from "@/lib/exceptions/request-exception";
import { createOutbound } from "@/lib/net/outbound";
import { testApi } from "@/lib/testing/api";
import { useTestDatabase } from "@/lib/testing/database";
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
import { addWebhook } from "./add-webhook";
import { changeWebhook } from "./change-webhook";
import { deliverWebhooks } from "./deliver-webhooks";
import { listWebhookDeliveries, listWebhooks } from "./delivery-queries";
import { removeWebhook } from "./remove-webhook";
import { rotateWebhookSecret } from "./rotate-webhook-secret";
import { RETRY_AFTER_MS } from "./rules";
import { sendAgain } from "./send-again";
import { sendTestEvent } from "./send-test-event";
import { tellOfEntries } from "./tell-of-entries";
import { OVERLAP_MS } from "./webhook-secret";

process.env["SLUICE_OUTBOUND_ALLOW"] = "127.0.0.1";
process.env["SLUICE_SECRET"] = "a secret of tests, of at least 32 characters";

const test = useTestDatabase();
const OPTIONS = { mail: false, baseUrl: "https://sluice.example" };
const outbound = createOutbound(["127.0.0.1"]);

interface Call {
  path: string;
  headers: Record<string, string>;
  body: string;
}
let calls: Call[] = [];
/** What the endpoint says, and what it waits for before it does. */
type Said = { status: number; location?: string; after?: Promise<unknown> };
let answer: (call: Call) => Said | "silence" = () => ({ status: 204 });
let server: Server;
let base: string;
let cast: Cast;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const call = await read(request);
    calls.push(call);
    const said = answer(call);
    if (said === "silence") return;
    await said.after;
    response
      .writeHead(said.status, said.location ? { location: said.location } : {})
      .end("a body that nobody keeps");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cast = await makeCast(test.db);
  for (const slug of ["support-bot", "code-helper"]) await makeUseCase(test.db, cast, { slug, tier: "low" });
});
afterAll(() => {
  outbound.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  await tellAll();
  calls = [];
  answer = () => ({ status: 204 });
  await test.db.webhookDelivery.deleteMany();
  await test.db.webhookEndpoint.deleteMany();
});

async function read(request: IncomingMessage): Promise<Call> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return { path: request.url ?? "", headers: request.headers as Record<string, string>, body };
}

const job = (now: Date = NOW, db: Db = test.db) => ({
  actor: { kind: "job" as const, name: "call-webhooks" },
  db,
  now,
  requestId: "test",
});
const later = (ms: number) => new Date(NOW.getTime() + ms);
const admin = (now: Date = NOW) => as(test.db, cast.admin, now);

async function tellAll(): Promise<void> {
  let more = true;
  while (more) more = await tellOfEntries(job(), OPTIONS);
}

async function carry(now: Date = NOW, db: Db = test.db): Promise<void> {
  const options = { outbound, chance: () => 0.5, timeoutMs: 300 };
  let more = true;
  while (more) more = await deliverWebhooks(job(now, db), options);
}

const add = (path = "/hook", given: { kinds?: ["waiting"] | ["decided"]; useCases?: string[] } = {}) =>
  addWebhook(admin(), { url: `${base}${path}`, kinds: given.kinds ?? [], useCases: given.useCases ?? [] });

function ask(useCase = "support-bot") {
  return requestException(as(test.db, cast.owner), {
    useCase,
    controls: ["pii/credit-card"],
    scope: {},
    justification: "Tickets carry the customer's card so that a person can answer them.",
    compensatingControls: "Reviewed every week.",
    category: "waiver",
    riskOwnerId: cast.risk.id,
    businessOwnerId: cast.business.id,
    startsAt: inDays(0),
    expiresAt: inDays(20),
    reviewAt: inDays(20),
    submit: true,
  });
}

/** Throws when the library's own verifier, at the time of the message, does not take it. */
function verify(secret: string, { headers, body }: Call): unknown {
  const real = Date.now;
  Date.now = () => Number(headers["webhook-timestamp"]) * 1000;
  try {
    return new Webhook(secret).verify(body, headers);
  } finally {
    Date.now = real;
  }
}

const only = () => test.db.webhookDelivery.findFirstOrThrow();

describe("an event", () => {
  it("is signed as Standard Webhooks says, and holds references and a link alone", async () => {
    const { secret } = await add();
    const exception = await ask();
    await tellAll();
    await carry();
    const [call] = calls;
    expect(calls).toHaveLength(1);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(call && verify(secret, call)).toEqual({
      type: "exception.submitted",
      timestamp: NOW.toISOString(),
      data: {
        kinds: ["waiting"],
        subject: { kind: "exception", id: exception.id, ref: exception.ref },
        useCase: "support-bot",
        link: `https://sluice.example/exceptions/${exception.ref}`,
      },
    });
    expect(call?.headers["webhook-id"]).toBe(`msg_${(await only()).id}`);
    expect(() => call && verify(secret, { ...call, body: `${call.body} ` })).toThrow();
    expect(() => call && verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", call)).toThrow();
  });

  it("goes to those who want its kind and its use case", async () => {
    await add("/all");
    await add("/waiting", { kinds: ["waiting"] });
    await add("/decided", { kinds: ["decided"] });
    await add("/code", { useCases: ["code-helper"] });
    await ask();
    await tellAll();
    await carry();
    expect(calls.map(({ path }) => path).sort()).toEqual(["/all", "/waiting"]);
    await ask("code-helper");
    await tellAll();
    await carry();
    expect(calls.map(({ path }) => path).sort()).toEqual(["/all", "/all", "/code", "/waiting", "/waiting"]);
  });

  it("is delivered once each, however many workers there are and however often the log is read", async () => {
    await add("/one");
    await add("/two");
    for (let n = 0; n < 10; n++) await ask();
    await tellAll();
    const { number } = await test.db.notifyCursor.findUniqueOrThrow({ where: { id: 1 } });
    await test.db.notifyCursor.update({ where: { id: 1 }, data: { number: number - 15n } });
    await tellAll();
    const workers = Array.from({ length: 4 }, () => createDb(test.url, 3));
    await Promise.all(workers.map((db) => carry(NOW, db)));
    await Promise.all(workers.map((db) => db.$disconnect()));
    const ids = calls.map(({ path, headers }) => `${path} ${headers["webhook-id"]}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(await test.db.webhookDelivery.count({ where: { deliveredAt: { not: null } } }));
    expect(
      await test.db.webhookDelivery.count({ where: { type: "exception.submitted" } }),
    ).toBeGreaterThanOrEqual(20);
  });
});

describe("an endpoint that does not answer as it should", () => {
  it("is tried again after 5 seconds, then later and later, under the same id", async () => {
    const { id } = await add();
    await sendTestEvent(admin(), { id });
    answer = () => ({ status: 500 });
    await carry();
    expect(await only()).toMatchObject({ attempts: 1, status: 500, problem: "Answered 500." });
    await carry(later(4_999));
    expect(calls).toHaveLength(1);
    await carry(later(5_000));
    expect(calls).toHaveLength(2);
    answer = () => ({ status: 200 });
    await carry(later(35_000));
    expect(await only()).toMatchObject({ attempts: 3, status: 200, problem: null, nextAttemptAt: null });
    expect(new Set(calls.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(calls.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(3);
  });

  it("is given up after eight attempts over some 21 hours, visibly, and sent again when an admin says so", async () => {
    const { id } = await add();
    await sendTestEvent(admin(), { id });
    answer = () => ({ status: 503 });
    let now = NOW;
    for (let n = 0; n < 12; n++) {
      await carry(now);
      now = (await only()).nextAttemptAt ?? now;
    }
    expect(calls).toHaveLength(8);
    expect(now.getTime() - NOW.getTime()).toBe(RETRY_AFTER_MS.webhook.reduce((sum, wait) => sum + wait, 0));
    const { items } = await listWebhookDeliveries(as(test.db, cast.auditor, now), {
      limit: 10,
      state: "dead",
    });
    expect(items).toMatchObject([{ state: "dead", attempts: 8, status: 503, problem: "Answered 503." }]);
    expect(await listWebhooks(admin(now))).toMatchObject([{ dead: 1, waiting: 0 }]);

    answer = () => ({ status: 200 });
    const delivery = items[0]?.id ?? "";
    await expectRefused(test.db, () => sendAgain(as(test.db, cast.lead, now), { id: delivery }), "forbidden");
    await expectAudited(admin(now), "webhook.sent_again", () => sendAgain(admin(now), { id: delivery }));
    await carry(now);
    expect(await only()).toMatchObject({ status: 200, deadAt: null });
    await expectRefused(test.db, () => sendAgain(admin(now), { id: delivery }), "conflict");
  });

  it("by silence is left after the time-out, and holds up nobody else", async () => {
    const slow = await add("/slow");
    const quick = await add("/quick");
    for (let n = 0; n < 10; n++) await sendTestEvent(admin(), { id: slow.id });
    await sendTestEvent(admin(later(1)), { id: quick.id });
    answer = ({ path }) => (path === "/slow" ? "silence" : { status: 200 });
    await deliverWebhooks(job(later(1)), { outbound, timeoutMs: 200 });
    expect(calls.filter(({ path }) => path === "/quick")).toHaveLength(1);
    const [row] = await test.db.webhookDelivery.findMany({ where: { endpointId: slow.id, attempts: 1 } });
    expect(row).toMatchObject({ status: null, problem: "No answer in time, or none that could be read." });
  });

  it("with 410 is disabled, audited, and told nothing more until it is enabled", async () => {
    const { id, url } = await add();
    await sendTestEvent(admin(), { id });
    answer = () => ({ status: 410 });
    await carry();
    const [webhook] = await listWebhooks(admin());
    expect(webhook).toMatchObject({ state: "disabled", disabledReason: "It answered 410: gone." });
    const entry = await test.db.auditEntry.findFirstOrThrow({ orderBy: { number: "desc" } });
    expect([entry.action, entry.actorKind, entry.subjectId]).toEqual(["webhook.disabled", "job", id]);
    await expectRefused(test.db, () => sendTestEvent(admin(), { id }), "conflict");
    await ask();
    await tellAll();
    await carry();
    expect(calls).toHaveLength(1);
    answer = () => ({ status: 200 });
    await changeWebhook(admin(), { id, url, kinds: [], useCases: [], enabled: true });
    await sendTestEvent(admin(), { id });
    await carry();
    expect(calls).toHaveLength(2);
  });
});

describe("the way out", () => {
  const PRIVATE = [
    "http://169.254.169.254/latest/meta-data",
    "https://169.254.169.254/",
    "http://localhost:1/",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "http://example.com/",
  ];
  it.each(PRIVATE)("does not lead to %s: not by a form, not by what is stored", async (url) => {
    await expectRefused(
      test.db,
      () => addWebhook(admin(), { url, kinds: [], useCases: [] }),
      "invalid",
      "url",
    );
    const { id } = await add();
    await sendTestEvent(admin(), { id });
    await test.db.webhookEndpoint.update({ where: { id }, data: { url } });
    await carry();
    const row = await only();
    expect(row).toMatchObject({ deliveredAt: null, status: null, deadAt: NOW });
    expect(row.problem).toMatch(
      /^The address must not be called: it must|^The address must not be called: it lies/,
    );
    expect(calls).toEqual([]);
  });

  it("does not lead to a name that means this machine", async () => {
    const { id } = await add();
    await sendTestEvent(admin(), { id });
    await test.db.webhookEndpoint.update({ where: { id }, data: { url: "https://localhost/" } });
    await carry();
    expect(await only()).toMatchObject({ deliveredAt: null, status: null, attempts: 1 });
  });

  it("follows no redirect, wherever it points", async () => {
    const { id } = await add("/hook");
    await sendTestEvent(admin(), { id });
    answer = () => ({ status: 302, location: `${base}/elsewhere` });
    await carry();
    expect(calls.map(({ path }) => path)).toEqual(["/hook"]);
    expect(await only()).toMatchObject({ status: 302, problem: "Answered 302: redirects are not followed." });
    expect(JSON.stringify(await only())).not.toContain("a body that nobody keeps");
  });
});

describe("a secret", () => {
  it("that is rotated by two at once leaves both shown ones good, and none is lost", async () => {
    const { id, secret: first } = await add();
    const shown = await Promise.all([1, 2].map(() => rotateWebhookSecret(admin(), { id })));
    await sendTestEvent(admin(), { id });
    await carry();
    const [call] = calls;
    if (!call) return expect.unreachable();
    for (const { secret } of shown) expect(verify(secret, call)).toMatchObject({ type: "webhook.test" });
    expect(() => verify(first, call)).toThrow();
  });

  it("of a webhook that is removed during the call does not come back, nor does the delivery", async () => {
    const { id } = await add();
    await sendTestEvent(admin(), { id });
    let removed: Promise<unknown> = Promise.resolve();
    const gone = new Promise<void>((done) => {
      answer = () => {
        removed = removeWebhook(admin(), { id }).finally(done);
        return { status: 204, after: gone };
      };
    });
    await carry();
    await removed;
    expect(await only()).toMatchObject({ deadAt: NOW, deliveredAt: null, nextAttemptAt: null });
    expect(await test.db.webhookEndpoint.findFirstOrThrow()).toMatchObject({
      secret: null,
      disabledAt: null,
    });
  });

  it("is sealed, shown once, and rotated with a day in which both sign", async () => {
    const added = await expectAudited(admin(), "webhook.added", () => add());
    const { id, secret: first } = added;
    const row = await test.db.webhookEndpoint.findUniqueOrThrow({ where: { id } });
    expect(Buffer.from(row.secret ?? []).toString("latin1")).not.toContain(first.slice(6));
    expect(JSON.stringify(await listWebhooks(admin()))).not.toContain("whsec_");
    expect(
      JSON.stringify(await test.db.auditEntry.findMany({ where: { subjectId: id } }), noBigInt),
    ).not.toContain(first.slice(6));

    const rotated = await expectAudited(admin(), "webhook.changed", () =>
      rotateWebhookSecret(admin(), { id }),
    );
    expect(rotated.secret).not.toBe(first);
    await sendTestEvent(admin(), { id });
    await carry();
    expect(calls[0]?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    for (const secret of [first, rotated.secret]) {
      expect(calls[0] && verify(secret, calls[0])).toMatchObject({ type: "webhook.test" });
    }
    await sendTestEvent(admin(), { id });
    await carry(later(OVERLAP_MS));
    expect(calls[1] && verify(rotated.secret, calls[1])).toMatchObject({ type: "webhook.test" });
    expect(() => calls[1] && verify(first, calls[1])).toThrow();
  });

  it("goes with its webhook", async () => {
    const { id } = await add();
    await sendTestEvent(admin(), { id });
    await expectAudited(admin(), "webhook.removed", () => removeWebhook(admin(), { id }));
    const row = await test.db.webhookEndpoint.findUniqueOrThrow({ where: { id } });
    expect([row.secret, row.previousSecret]).toEqual([null, null]);
    await carry();
    expect(calls).toEqual([]);
    expect(await only()).toMatchObject({ problem: "The webhook was removed.", deadAt: NOW });
    await expectRefused(test.db, () => rotateWebhookSecret(admin(), { id }), "conflict");
    await expectRefused(test.db, () => sendTestEvent(admin(), { id }), "conflict");
  });
});

const noBigInt = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);

describe("webhooks", () => {
  it("are the admin's to manage, and for admins, security leads and auditors to see", async () => {
    const api = testApi(test);
    const { id } = await add();
    const body = { url: `${base}/x`, kinds: [], useCases: [] };
    const others = [cast.lead, cast.risk, cast.owner, cast.auditor, cast.business];
    for (const person of others) {
      const before = await test.db.auditEntry.count();
      for (const [method, path, json] of [
        ["POST", "/webhooks", body],
        ["PUT", `/webhooks/${id}`, { ...body, enabled: false }],
        ["POST", `/webhooks/${id}/rotate`],
        ["POST", `/webhooks/${id}/test`],
        ["POST", `/webhooks/${id}/remove`],
      ] as const) {
        expect((await api.call(person, method, path, json)).status, `${person.name} ${method} ${path}`).toBe(
          403,
        );
      }
      expect(await test.db.auditEntry.count()).toBe(before);
      const mayRead = person === cast.lead || person === cast.auditor;
      for (const path of ["/webhooks", "/webhook-deliveries"]) {
        expect((await api.call(person, "GET", path)).status).toBe(mayRead ? 200 : 403);
      }
    }
    const added = await api.call<{ secret: string }>(cast.admin, "POST", "/webhooks", body);
    expect([added.status, added.body.secret.slice(0, 6)]).toEqual([201, "whsec_"]);
    const unknown = await api.call(cast.admin, "POST", "/webhooks", { ...body, useCases: ["no-such"] });
    expect(unknown).toMatchObject({ status: 400, body: { fields: [{ path: "useCases.0" }] } });
    expect((await api.call(cast.admin, "POST", "/webhooks", { ...body, secret: "whsec_mine" })).status).toBe(
      400,
    );
  });
});
