import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { startProxy } from "@/lib/testing/cuttable-proxy";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "../server";

const SAMPLES = join(import.meta.dirname, "../../../../shared/protocols/samples");
const database = useTestDatabase();
let point: DecisionPoint;
let credential: string;

beforeAll(async () => {
  const { id } = await buildUseCase(database.db, { slug: "agents" });
  const document = buildDocument(
    {
      "tool-not-approved": { mode: "enforce" },
      "model-not-approved": { mode: "enforce" },
      "high-impact-tool": { mode: "require_approval" },
      "pii/email": { mode: "redact", sensitivity: "L2" },
      "prompt-size": { mode: "log" },
    },
    "enforcing",
  );
  document.baseline.tools = [
    { name: "get_customer", impact: "low" },
    { name: "send_money", impact: "high" },
  ];
  document.baseline.models = ["openai/*"];
  document.baseline.traffic.promptChars = 64;
  await buildPolicyVersion(database.db, id, document);
  credential = (await buildWorkload(database.db, [id], { slug: "gateway" })).credential;
  point = await startTestPoint(database.url);
});
afterAll(() => point?.stop());

const subject = { type: "user", id: "alice" };
const action = { name: "tools/call" };
const allowed = { type: "tool", id: "get_customer" };
const forbidden = { type: "tool", id: "drop_table" };
const allow = { subject, action, resource: allowed };
const deny = { subject, action, resource: forbidden };

const denial = {
  decision: false,
  context: {
    outcome: "block",
    findings: expect.arrayContaining([
      { control: "tool-not-approved", effect: "blocked", reason: expect.any(String) },
    ]),
  },
};
const notUnderstood = { decision: false, context: { error: { code: "not_understood" } } };
const badItem = { decision: false, context: { error: { status: 400, code: "invalid" } } };
const ONE = "/access/v1/evaluation";
const MANY = "/access/v1/evaluations";

const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  post(`${point.url}${path}`, credential, body, headers);

/** What is asked and what is answered: `toEqual` for a bare decision, so that no context means no context. */
const DECISIONS: [name: string, body: unknown, decision: object][] = [
  ["allow: nothing but the decision", allow, { decision: true }],
  ["deny, with the findings", deny, denial],
  [
    "unknown fields are ignored, at every depth",
    { ...allow, foo: 1, subject: { ...subject, bar: {} } },
    { decision: true },
  ],
  [
    "properties and context may be there and empty",
    { ...allow, context: {}, action: { ...action, properties: {} } },
    { decision: true },
  ],
  ["our own name of the action", { ...allow, action: { name: "tool_call" } }, { decision: true }],
  [
    "a model as the resource",
    { subject, action: { name: "prompt" }, resource: { type: "model", id: "openai/gpt-4o" } },
    { decision: true },
  ],
  [
    "a model that is not approved",
    { subject, action: { name: "prompt" }, resource: { type: "model", id: "x/y" } },
    { decision: false, context: { findings: [{ control: "model-not-approved" }] } },
  ],
  [
    "a route of a model",
    { subject, action: { name: "POST" }, resource: { type: "route", id: "/v1/chat/completions" } },
    { decision: true },
  ],
  [
    "a route of a model, with the model as property",
    {
      subject,
      action: { name: "POST" },
      resource: { type: "route", id: "/v1/messages", properties: { model: "x/y" } },
    },
    { decision: false, context: { findings: [{ control: "model-not-approved" }] } },
  ],
  [
    "flagged: allowed, and the context says why",
    {
      subject,
      action: { name: "prompt" },
      resource: { type: "model", id: "openai/gpt-4o" },
      context: { messages: [{ role: "user", content: "word ".repeat(100) }] },
    },
    {
      decision: true,
      context: { outcome: "flag", findings: [{ control: "prompt-size", effect: "logged" }] },
    },
  ],
  [
    "another route",
    { subject, action: { name: "POST" }, resource: { type: "route", id: "/admin" } },
    notUnderstood,
  ],
  [
    "another method",
    { subject, action: { name: "DELETE" }, resource: { type: "route", id: "/v1/responses" } },
    notUnderstood,
  ],
  ["an unknown action is not allowed", { ...allow, action: { name: "launch" } }, notUnderstood],
  ["an action with a name of JavaScript", { ...allow, action: { name: "constructor" } }, notUnderstood],
  [
    "an unknown type of resource is not allowed",
    { ...allow, resource: { type: "constructor", id: "x" } },
    notUnderstood,
  ],
  [
    "a resource that does not go with the action",
    { ...allow, resource: { type: "model", id: "openai/gpt-4o" } },
    notUnderstood,
  ],
  [
    "held: not allowed until a person grants it",
    { ...allow, resource: { type: "tool", id: "send_money" } },
    {
      decision: false,
      context: {
        outcome: "require_approval",
        approval: {
          id: expect.any(String),
          url: expect.stringMatching(/^\/v1\/approvals\//),
          status: "pending",
        },
      },
    },
  ],
  [
    "content to mask, and nobody who says that they do",
    { ...allow, context: { arguments: { to: "a@b.co" } } },
    { decision: false, context: { outcome: "redact", reason: expect.stringContaining("masked") } },
  ],
  [
    "content to mask, as an obligation",
    { ...allow, context: { arguments: { to: "mail a@b.co" }, supported_obligations: ["redact"] } },
    {
      decision: true,
      context: {
        obligations: [
          { id: "redact", redact: { tool: { name: "get_customer", arguments: { to: "mail [pii/email]" } } } },
        ],
      },
    },
  ],
];

/** Whole requests that are no evaluation: 400, naming the field. */
const BAD: [name: string, body: unknown, fields: string[]][] = [
  ["no subject", { action, resource: allowed }, ["subject"]],
  ["no action", { subject, resource: allowed }, ["action"]],
  ["no resource", { subject, action }, ["resource"]],
  ["subject without type", { ...allow, subject: { id: "alice" } }, ["subject.type"]],
  ["subject without id", { ...allow, subject: { type: "user" } }, ["subject.id"]],
  ["action without name", { ...allow, action: {} }, ["action.name"]],
  ["resource without type", { ...allow, resource: { id: "x" } }, ["resource.type"]],
  ["resource without id", { ...allow, resource: { type: "tool" } }, ["resource.id"]],
  ["subject is a string", { ...allow, subject: "alice" }, ["subject"]],
  ["subject is null", { ...allow, subject: null }, ["subject"]],
  ["subject is a list", { ...allow, subject: [subject] }, ["subject"]],
  ["type is a number", { ...allow, resource: { type: 1, id: "x" } }, ["resource.type"]],
  ["id is a number", { ...allow, subject: { type: "user", id: 7 } }, ["subject.id"]],
  ["name is a number", { ...allow, action: { name: 123 } }, ["action.name"]],
  ["properties is a list", { ...allow, subject: { ...subject, properties: [] } }, ["subject.properties"]],
  ["properties is a string", { ...allow, action: { ...action, properties: "x" } }, ["action.properties"]],
  ["context is a string", { ...allow, context: "x" }, ["context"]],
  ["an empty id", { ...allow, subject: { type: "user", id: "" } }, ["subject.id"]],
  ["an id too long", { ...allow, resource: { type: "tool", id: "x".repeat(201) } }, ["resource.id"]],
  ["a data class that is none", { ...allow, context: { data_class: "cosmic" } }, ["context.data_class"]],
  [
    "arguments that are no object",
    { ...allow, action: { ...action, properties: { arguments: 1 } } },
    ["action.properties.arguments"],
  ],
  [
    "a message that is none",
    { ...allow, context: { messages: [{ role: "user" }] } },
    ["context.messages.0.content"],
  ],
  ["a list", [allow], [""]],
  ["a string", '"x"', [""]],
  ["null", "null", [""]],
  ["no JSON", "{", [""]],
  ["nothing", "", [""]],
];

const BAD_MANY: [name: string, body: unknown, fields: string[]][] = [
  ...BAD.filter(([name]) => name.startsWith("no ")),
  ["evaluations is an object", { ...allow, evaluations: {} }, ["evaluations"]],
  ["options is a list", { evaluations: [allow], options: [] }, ["options"]],
  [
    "a semantic that is none",
    { evaluations: [allow], options: { evaluations_semantic: "any" } },
    ["options.evaluations_semantic"],
  ],
  ["a default that is no object", { subject: "alice", evaluations: [allow] }, ["subject"]],
  ["more than 500", { evaluations: Array.from({ length: 501 }, () => allow) }, ["evaluations"]],
];

const semantic = (name: string) => ({ options: { evaluations_semantic: name, another_option: 1 } });
const T = { decision: true };
const F = denial;

const BATCHES: [name: string, body: object, answer: object][] = [
  [
    "all are executed, in order, when nothing is said",
    { evaluations: [allow, deny, allow] },
    { evaluations: [T, F, T] },
  ],
  ["execute_all", { evaluations: [deny, allow], ...semantic("execute_all") }, { evaluations: [F, T] }],
  [
    "deny_on_first_deny stops at the first denial",
    { evaluations: [allow, deny, allow], ...semantic("deny_on_first_deny") },
    { evaluations: [T, F] },
  ],
  [
    "deny_on_first_deny stops at an error too",
    { evaluations: [{}, allow], ...semantic("deny_on_first_deny") },
    { evaluations: [badItem] },
  ],
  [
    "deny_on_first_deny without a denial",
    { evaluations: [allow, allow], ...semantic("deny_on_first_deny") },
    { evaluations: [T, T] },
  ],
  [
    "permit_on_first_permit stops at the first permit",
    { evaluations: [deny, allow, deny], ...semantic("permit_on_first_permit") },
    { evaluations: [F, T] },
  ],
  [
    "permit_on_first_permit without a permit",
    { evaluations: [deny, deny], ...semantic("permit_on_first_permit") },
    { evaluations: [F, F] },
  ],
  [
    "everything inherited but the resource",
    { subject, action, evaluations: [{ resource: allowed }, { resource: forbidden }] },
    { evaluations: [T, F] },
  ],
  [
    "an item may have nothing of its own",
    { ...deny, evaluations: [{}, { resource: allowed }] },
    { evaluations: [F, T] },
  ],
  [
    "an item's own object replaces the whole one above",
    { ...allow, evaluations: [{ resource: { id: "get_customer" } }, {}] },
    { evaluations: [badItem, T] },
  ],
  [
    "a default may be incomplete when no item leans on it",
    { subject, action, resource: { type: "tool" }, evaluations: [{ resource: allowed }] },
    { evaluations: [T] },
  ],
  [
    "the context above is inherited whole",
    { ...allow, context: { data_class: "cosmic" }, evaluations: [{}, { context: {} }] },
    { evaluations: [badItem, T] },
  ],
  [
    "one bad item in a good batch",
    { subject, action, evaluations: [{ resource: allowed }, {}, { resource: allowed }] },
    { evaluations: [T, badItem, T] },
  ],
  [
    "items that are no objects",
    { ...allow, evaluations: [1, null, "x", [], {}] },
    { evaluations: [badItem, badItem, badItem, badItem, T] },
  ],
  [
    "an item that is not understood",
    { ...allow, evaluations: [{ action: { name: "launch" } }, {}] },
    { evaluations: [notUnderstood, T] },
  ],
  [
    "an item for a use case that is not served",
    { ...allow, evaluations: [{ context: { useCase: "other" } }, {}] },
    { evaluations: [{ decision: false, context: { error: { status: 403, code: "forbidden" } } }, T] },
  ],
  ["no evaluations: the single form", allow, T],
  ["no evaluations: the single form, denied", deny, F],
  ["empty evaluations: the single form", { ...allow, evaluations: [] }, T],
];

/** A bare decision has no context; of others, what is expected is within. */
function expectAnswer(body: unknown, expected: object): void {
  expect(body).toMatchObject(expected);
  const pairs = (answer: unknown) => (answer as { evaluations?: unknown[] }).evaluations ?? [answer];
  const wanted = pairs(expected);
  expect(pairs(body)).toHaveLength(wanted.length);
  for (const [at, decision] of pairs(body).entries()) {
    expect(Object.keys(decision as object)).toEqual(Object.keys(wanted[at] as object));
  }
}

describe("one evaluation", () => {
  it.each(DECISIONS)("%s", async (_, body, expected) => {
    const answer = await ask(ONE, body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expectAnswer(answer.body, expected);
  });

  it.each(BAD)("400: %s", async (_, body, fields) => {
    const { status, body: problem } = await ask(ONE, body);
    expect(status).toBe(400);
    expect((problem["fields"] as { path: string }[]).map(({ path }) => path)).toEqual(fields);
  });
});

describe("several evaluations", () => {
  it.each(BATCHES)("%s", async (_, body, expected) => {
    const answer = await ask(MANY, body);
    expect(answer.status).toBe(200);
    expectAnswer(answer.body, expected);
  });

  it.each(BAD_MANY)("400: %s", async (_, body, fields) => {
    const { status, body: problem } = await ask(MANY, body);
    expect(status).toBe(400);
    expect((problem["fields"] as { path: string }[]).map(({ path }) => path)).toEqual(fields);
  });
});

describe("the transport", () => {
  it("takes JSON only, by POST only", async () => {
    const { status, body } = await ask(ONE, JSON.stringify(allow), { "content-type": "text/plain" });
    expect([status, body["fields"]]).toEqual([400, [{ path: "Content-Type", message: expect.any(String) }]]);
    for (const path of [ONE, MANY]) expect((await fetch(`${point.url}${path}`)).status).toBe(405);
  });

  it("401 is about the caller's own credential, and is no decision", async () => {
    for (const path of [ONE, MANY]) {
      const { status, body, headers } = await post(`${point.url}${path}`, null, allow);
      expect([status, headers.get("www-authenticate")]).toEqual([401, expect.stringMatching(/^Bearer/)]);
      expect(body).not.toHaveProperty("decision");
    }
  });

  it.each([ONE, MANY])("%s echoes X-Request-ID, with errors too, and makes none up", async (path) => {
    const headers = { "x-request-id": "bfe9eb29-ab87" };
    for (const body of [allow, {}]) {
      expect((await ask(path, body, headers)).headers.get("x-request-id")).toBe("bfe9eb29-ab87");
      expect((await ask(path, body)).headers.get("x-request-id")).toBeNull();
    }
    expect((await post(`${point.url}${path}`, "x", allow, headers)).headers.get("x-request-id")).toBe(
      "bfe9eb29-ab87",
    );
  });

  it("says where its endpoints are, under the address that was asked", async () => {
    const response = await fetch(`${point.url}/.well-known/authzen-configuration`);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(await response.json()).toEqual({
      policy_decision_point: point.url,
      access_evaluation_endpoint: `${point.url}${ONE}`,
      access_evaluations_endpoint: `${point.url}${MANY}`,
    });
    const proxied = await fetch(`${point.url}/.well-known/authzen-configuration`, {
      headers: { "x-forwarded-proto": "https" },
    });
    expect(await proxied.json()).toMatchObject({ policy_decision_point: `https://127.0.0.1:${point.port}` });
  });

  it("when decisions cannot be recorded: 503, not a denial, single or in a batch", async () => {
    const { hostname, port, pathname, username, password } = new URL(database.url);
    const proxy = await startProxy(Number(port));
    const url = `postgresql://${username}${password && `:${password}`}@${hostname}:${proxy.port}${pathname}`;
    const cut = await startTestPoint(url, { name: "cut-off", spoolDir: null });
    proxy.cut();
    try {
      for (const [path, body] of [
        [ONE, allow],
        [MANY, { evaluations: [allow] }],
      ] as const) {
        const answer = await post(`${cut.url}${path}`, credential, body);
        expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, expect.any(String)]);
        expect(answer.body).not.toHaveProperty("decision");
      }
    } finally {
      proxy.resume();
      await cut.stop();
      await proxy.close();
    }
  });

  it("with an Idempotency-Key, a repeat is the same decision and one row", async () => {
    const headers = { "idempotency-key": "call-1" };
    const body = { ...deny, context: { session_id: "idempotent" } };
    const [first, second] = [await ask(ONE, body, headers), await ask(ONE, body, headers)];
    expect(first.body).toEqual(second.body);
    const { rows } = await database.pool.query("SELECT 1 FROM decision WHERE session_id = 'idempotent'");
    expect(rows).toHaveLength(1);
  });
});

describe("facts", () => {
  async function factsOf(session: string) {
    const { rows } = await database.pool.query(
      `SELECT f.facts, d.trace_id, d.actor_hash IS NOT NULL AS actor, d.kind FROM decision d
       JOIN fact f ON f.use_case_id = d.use_case_id AND f.digest = d.fact WHERE d.session_id = $1`,
      [session],
    );
    expect(rows).toHaveLength(1);
    return rows[0];
  }

  it("come from ids, properties and context", async () => {
    await ask(ONE, {
      subject: { type: "agent", id: "triage", properties: { on_behalf_of: "u-42" } },
      action: { name: "outbound", properties: { purpose: "support" } },
      resource: { type: "url", id: "https://API.example.com/x", properties: { dataClass: "internal" } },
      context: { session_id: "facts-1", trace_id: "t-1", purpose: "other", model: "openai/gpt-4o" },
    });
    expect(await factsOf("facts-1")).toMatchObject({
      kind: "decision",
      trace_id: "t-1",
      actor: true,
      facts: {
        action: "outbound",
        attributed: true,
        destination: "api.example.com",
        dataClass: "internal",
        purpose: "support",
        model: "openai/gpt-4o",
      },
    });
  });

  it("a program is nobody behind the request", async () => {
    const context = { session_id: "facts-2" };
    await ask(ONE, { ...allow, subject: { type: "agent", id: "triage" }, context });
    expect(await factsOf("facts-2")).toMatchObject({
      actor: false,
      facts: { attributed: false, tool: "get_customer" },
    });
  });

  const sample = (name: string) => {
    const path = join(SAMPLES, name);
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
  };

  it("of a gateway's recorded question", async ({ skip }) => {
    const body = sample("authzen-aws-gateway-pep.json");
    if (body === null) return skip("../shared/protocols is not there");
    const { status } = await ask(ONE, { ...body, context: { ...body.context, session_id: "gateway" } });
    expect(status).toBe(200);
    expect(await factsOf("gateway")).toMatchObject({
      actor: true,
      facts: { action: "prompt", attributed: true },
    });
    expect((await ask(ONE, body)).body).toEqual({ decision: true });
  });

  it("of a recorded tools/call that an MCP gateway asks about", async ({ skip }) => {
    const call = sample("mcp-tools-call.json");
    if (call === null) return skip("../shared/protocols is not there");
    const { method, params } = call.body;
    const question = {
      subject,
      action: { name: method },
      resource: { type: "tool", id: params.name },
      context: { arguments: params.arguments, session_id: "mcp" },
    };
    expect((await ask(ONE, question)).body).toEqual({ decision: true });
    expect(await factsOf("mcp")).toMatchObject({ facts: { action: "tool_call", tool: "get_customer" } });
  });
});
