import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { PersonActor } from "@/lib/access/context";
import type { DecisionPoint } from "@/lib/pdp/server";
import { testApi } from "@/lib/testing/api";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint, TEST_SECRET } from "@/lib/testing/decision-point";
import { as, type Cast, makeCast, makeUseCase } from "@/lib/testing/people";
import { readCanaryAnswer } from "./canary-request";
import { makeCanary } from "./make-canary";
import { listCanaryDecisions } from "./queries";
import { CANARY_CLIENTS, type CanaryClient } from "./schema";
import { sendCanary } from "./send-canary";
import { integrationsFor } from "./snippets";

const database = useTestDatabase();
const DESK = "desk";
const STRICT = "strict";
let cast: Cast;
let point: DecisionPoint;
let credential: string;
let strict: string;
let elsewhere: string;

beforeAll(async () => {
  vi.stubEnv("SLUICE_SECRET", TEST_SECRET);
  cast = await makeCast(database.db);
  const { id } = await buildUseCase(database.db, { slug: DESK });
  await buildPolicyVersion(database.db, id, buildDocument());
  const other = await buildUseCase(database.db, { slug: STRICT });
  const everything = { "credential-kind": { mode: "enforce" as const } };
  const document = buildDocument(everything, "enforcing");
  const { baseline } = document;
  await buildPolicyVersion(database.db, other.id, {
    ...document,
    baseline: { ...baseline, credentials: { ...baseline.credentials, kinds: ["static"] } },
  });
  ({ credential } = await buildWorkload(database.db, [id], { slug: "gateway" }));
  ({ credential: strict } = await buildWorkload(database.db, [other.id]));
  const foreign = await makeUseCase(database.db, cast);
  ({ credential: elsewhere } = await buildWorkload(database.db, [foreign.id]));
  point = await startTestPoint(database.url);
});
afterAll(() => point?.stop());

const by = (actor: PersonActor) => as(database.db, actor, new Date());
const send = (client: CanaryClient, key = credential, slug = DESK, url = point.url) =>
  sendCanary(by(cast.lead), { slug, client, credential: key }, url);

it("every client that can stop something can be sent a canary as, and no other", () => {
  const stops = integrationsFor({ decisionPointUrl: "", useCase: "" }).filter((one) => !one.observesOnly);
  expect(stops.map(({ id }) => id)).toEqual([...CANARY_CLIENTS]);
});

describe.each(CANARY_CLIENTS)("as %s", (client) => {
  it("the canary is blocked as one and recorded; an ordinary text passes", async () => {
    const { canary, ordinary } = await send(client);
    expect(canary).toMatchObject({ verdict: "blocked", asCanary: true, problem: null });
    expect(ordinary).toMatchObject({ verdict: "passed", asCanary: false });
    const met = await listCanaryDecisions(by(cast.auditor), { slug: DESK });
    expect(met.find(({ id }) => id === canary.decisionId)).toMatchObject({
      outcome: "block",
      kind: "decision",
      workload: "gateway",
      fromConsole: client !== "openai-moderation",
    });
    expect(met.map(({ id }) => id)).not.toContain(ordinary.decisionId);
  });

  it("what is blocked for another reason is told apart", async () => {
    const { canary, ordinary } = await send(client, strict, STRICT);
    expect(canary).toMatchObject({ verdict: "blocked", asCanary: true });
    expect(ordinary).toMatchObject({ verdict: "blocked", asCanary: false });
  });

  it("a credential that nobody issued is refused, in words", async () => {
    const problem = expect.stringContaining("does not take this credential");
    const refused = { verdict: "refused", asCanary: false, decisionId: null, problem };
    expect(await send(client, "nonsense")).toEqual({ client, canary: refused, ordinary: refused });
  });

  it("that of another use case does not block it", async () => {
    const { canary } = await send(client, elsewhere);
    expect(canary.verdict).toBe(client === "openai-moderation" ? "passed" : "refused");
  });

  it("a decision point that is away is said to be", async () => {
    const problem = "Nothing answered at http://127.0.0.1:9 within 3 seconds.";
    const { canary } = await send(client, credential, DESK, "http://127.0.0.1:9");
    expect(canary).toEqual({ verdict: "unanswered", asCanary: false, decisionId: null, problem });
  });

  it("an answer that is no decision is not read as one", () => {
    for (const answer of [
      null,
      [],
      "ok",
      {},
      { verdict: false, error: {} },
      { decision: false, context: { error: {} } },
    ]) {
      expect(readCanaryAnswer(client, answer)).toBeNull();
    }
  });
});

it("a canary that is only told of is listed as what it is: seen, and not blocked", async () => {
  const { text } = await makeCanary(by(cast.lead), { slug: DESK });
  const told = await post(`${point.url}/v1/observations`, credential, {
    action: "prompt",
    observedAt: new Date().toISOString(),
    messages: [{ role: "user", content: text }],
  });
  expect(told.status).toBe(200);
  const [newest] = await listCanaryDecisions(by(cast.auditor), { slug: DESK });
  expect(newest).toMatchObject({ kind: "observation", workload: "gateway", fromConsole: false });
});

describe("something else at the address", () => {
  let server: Server;
  let url: string;
  let seen = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen += 1;
      if (request.url === "/elsewhere") return response.end("{}");
      if (request.url?.startsWith("/v1/portkey"))
        return response.writeHead(307, { location: "/elsewhere" }).end();
      if (request.url?.startsWith("/v2/guard")) return; // never answers
      response.end("<html>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("gets the credential once and leads nowhere", async () => {
    const { canary } = await send("portkey", credential, DESK, url);
    expect(canary).toMatchObject({ verdict: "refused", problem: expect.stringContaining("leads elsewhere") });
    expect(seen).toBe(2);
    expect((await send("native-shell", credential, DESK, url)).canary).toMatchObject({
      verdict: "refused",
      problem: "What answered there is no decision point.",
    });
  });

  it("is not waited for longer than three seconds", async () => {
    const before = performance.now();
    expect((await send("lakera", credential, DESK, url)).canary.verdict).toBe("unanswered");
    expect(performance.now() - before).toBeGreaterThan(2500);
  });
});

describe("over HTTP", () => {
  const api = testApi(database, () => new Date());

  it("the credential goes to the configured decision point only, and is in no log, audit entry or error", async () => {
    const written: string[] = [];
    const keep = (chunk: unknown) => written.push(String(chunk)) > 0;
    vi.spyOn(process.stdout, "write").mockImplementation(keep);
    vi.spyOn(process.stderr, "write").mockImplementation(keep);
    const spies = (["log", "info", "warn", "error"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...all) => void written.push(all.map(String).join(" "))),
    );
    try {
      for (const url of [`${point.url}/`, "http://127.0.0.1:9"]) {
        vi.stubEnv("PDP_URL", url);
        for (const body of [
          { client: "portkey", credential },
          { client: "portkey", credential: `${credential} x` },
          { client: "portkey", credential, url: "http://127.0.0.1:1" },
          { client: "no-such", credential },
        ]) {
          const answer = await api.call(cast.lead, "POST", `/use-cases/${DESK}/canary/send`, body);
          expect(answer.status).toBe(
            Object.keys(body).length === 2 && body.client === "portkey" && body.credential === credential
              ? 200
              : 400,
          );
          written.push(JSON.stringify(answer.body));
        }
      }
    } finally {
      vi.restoreAllMocks();
      for (const spy of spies) spy.mockRestore();
    }
    written.push(JSON.stringify(await database.db.auditEntry.findMany({ omit: { number: true } })));
    expect(written.length).toBeGreaterThan(8);
    for (const text of written) expect(text).not.toContain(credential);
  });

  it("makes one and says what met it", async () => {
    const made = await api.call<{ text: string }>(cast.lead, "POST", `/use-cases/${DESK}/canary`);
    expect(made).toMatchObject({ status: 201, body: { text: expect.stringMatching(/^sluice-canary-/) } });
    const met = await api.call<{ items: unknown[] }>(cast.auditor, "GET", `/use-cases/${DESK}/canary`);
    expect(met.body.items.length).toBeGreaterThan(0);
  });
});
