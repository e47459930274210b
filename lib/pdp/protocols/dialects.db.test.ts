import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Mode } from "@/lib/policy/vocabulary";
import {
  buildDocument,
  buildPerson,
  buildPolicyVersion,
  buildUseCase,
  buildWorkload,
} from "@/lib/testing/builders";
import { startProxy } from "@/lib/testing/cuttable-proxy";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint } from "@/lib/testing/decision-point";
import { NO_SAMPLES, protocolSample } from "@/lib/testing/protocol-samples";
import type { DecisionPoint } from "../server";

const database = useTestDatabase();
const CARD = "Pay with 4111 1111 1111 1111 please";
const MASKED = "Pay with [pii/credit-card] please";
const CONTROL = "pii/credit-card";

/** A use case for each outcome that a card number can have, under a credential of its own. */
const OUTCOMES = {
  flag: "log",
  redact: "redact",
  block: "enforce",
  require_approval: "require_approval",
} as const satisfies Record<string, Mode>;
type Outcome = keyof typeof OUTCOMES;
const NAMES = Object.keys(OUTCOMES) as Outcome[];

let point: DecisionPoint;
const credentials = new Map<string, string>();

async function useCaseFor(slug: string, mode: Mode): Promise<string> {
  const { id } = await buildUseCase(database.db, { slug });
  const controls = {
    [CONTROL]: { mode, sensitivity: "L2" as const },
    "tool-not-approved": { mode: "enforce" as const },
  };
  const baseline = { ...buildDocument().baseline, tools: [{ name: "pay", impact: "low" as const }] };
  await buildPolicyVersion(database.db, id, buildDocument(controls, "enforcing", { baseline }));
  return id;
}

beforeAll(async () => {
  for (const name of NAMES) {
    const id = await useCaseFor(name.replace("_", "-"), OUTCOMES[name]);
    credentials.set(name, (await buildWorkload(database.db, [id])).credential);
  }
  const several = [await useCaseFor("project-123", "enforce"), await useCaseFor("other", "log")];
  credentials.set("several", (await buildWorkload(database.db, several)).credential);
  point = await startTestPoint(database.url);
});
afterAll(() => point?.stop());

const ask = (who: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  post(`${point.url}${path}`, credentials.get(who) ?? null, body, headers);

async function decisionsWith(id: unknown): Promise<{ outcome: string; facts: Record<string, unknown> }[]> {
  const { rows } = await database.pool.query(
    "SELECT d.outcome, f.facts FROM decision d JOIN fact f ON f.digest = d.fact WHERE d.id = $1",
    [id],
  );
  return rows;
}

async function countDecisions(): Promise<number> {
  return (await database.pool.query("SELECT count(*)::int AS n FROM decision")).rows[0].n;
}

describe("Portkey", () => {
  const PATH = "/v1/portkey";
  const asked = (content: unknown) => ({
    request: { json: { model: "gpt-4o", messages: [{ role: "user", content }] }, text: "" },
    response: { json: {}, text: "", statusCode: null },
    provider: "openai",
    requestType: "chatComplete",
    metadata: { _user: "u-42", session_id: "s-1" },
    eventType: "beforeRequestHook",
  });
  const answered = (message: object) => ({
    ...asked("hello"),
    response: {
      json: { id: "x", choices: [{ index: 0, message: { role: "assistant", ...message } }] },
      text: "",
    },
    eventType: "afterRequestHook",
  });

  it("allows, with what was decided", async () => {
    const { status, body } = await ask("block", PATH, asked("hello"));
    expect(status).toBe(200);
    expect(body).toEqual({
      verdict: true,
      data: { decision: "allow", wouldBe: "allow", decisionId: expect.any(String), reasons: [] },
    });
    const { decisionId } = body["data"] as { decisionId: string };
    expect(await decisionsWith(decisionId)).toMatchObject([
      { outcome: "allow", facts: { action: "prompt", model: "openai/gpt-4o", attributed: true } },
    ]);
  });

  it.each(NAMES)("answers %s in both directions", async (name) => {
    const proceeds = name === "flag" || name === "redact";
    for (const sent of [asked(CARD), answered({ content: CARD })]) {
      const { status, body } = await ask(name, PATH, sent);
      expect(status).toBe(200);
      expect(body).toMatchObject({ verdict: proceeds, data: { decision: name, reasons: [CONTROL] } });
      expect(Object.hasOwn(body, "transformedData")).toBe(name === "redact");
      expect(JSON.stringify(body)).not.toContain("4111");
      const approval = (body["data"] as { approval?: unknown }).approval;
      if (name === "require_approval") expect(approval).toMatchObject({ status: "pending" });
      else expect(approval).toBeUndefined();
    }
  });

  it("masks where it stands, and leaves the rest of the body as it is", async () => {
    const sent = asked([
      { type: "text", text: "see" },
      { type: "image_url", image_url: { url: "https://x.example/a.png" } },
      { type: "text", text: CARD },
    ]);
    const { body } = await ask("redact", PATH, sent);
    const parts = [
      { type: "text", text: "see" },
      { type: "image_url", image_url: { url: "https://x.example/a.png" } },
      { type: "text", text: MASKED },
    ];
    expect(body["transformedData"]).toEqual({
      request: { json: { model: "gpt-4o", messages: [{ role: "user", content: parts }] } },
    });
  });

  it("decides on each call of a tool, and masks in its arguments", async () => {
    const call = (name: string, given: unknown) => ({
      id: "c",
      type: "function",
      function: { name, arguments: typeof given === "string" ? given : JSON.stringify(given) },
    });
    const count = await countDecisions();
    const masked = await ask(
      "redact",
      PATH,
      answered({ content: "I pay", tool_calls: [call("pay", { note: CARD, n: 1 }), call("pay", CARD)] }),
    );
    expect(await countDecisions()).toBe(count + 3);
    expect(masked.body).toMatchObject({ verdict: true, data: { decision: "redact" } });
    const { response } = masked.body["transformedData"] as {
      response: {
        json: {
          choices: { message: { content: string; tool_calls: { function: { arguments: string } }[] } }[];
        };
      };
    };
    const message = response.json.choices[0]?.message;
    expect(message?.content).toBe("I pay");
    expect(JSON.parse(message?.tool_calls[0]?.function.arguments ?? "")).toEqual({ note: MASKED, n: 1 });
    expect(message?.tool_calls[1]?.function.arguments).toBe(MASKED);

    const stopped = await ask(
      "flag",
      PATH,
      answered({ content: CARD, tool_calls: [call("pay", {}), call("drop", {})] }),
    );
    expect(stopped.body).toMatchObject({ verdict: false, data: { decision: "block" } });
    const { decisionId } = stopped.body["data"] as { decisionId: string };
    expect(await decisionsWith(decisionId)).toMatchObject([{ facts: { action: "tool_call", tool: "drop" } }]);
  });

  it("repeats nowhere what it masked", async () => {
    const sent = answered({ content: CARD });
    const [choice] = sent.response.json.choices;
    Object.assign(choice ?? {}, { logprobs: { content: [{ token: "4111", logprob: -0.1 }] } });
    const { body } = await ask("redact", PATH, sent);
    expect(body).toMatchObject({
      verdict: true,
      transformedData: { response: { json: { choices: [{ logprobs: null }] } } },
    });
    expect(JSON.stringify(body)).not.toContain("4111");
  });

  it("stops what must be masked and cannot be", async () => {
    const sent = { ...answered({}), response: { json: null, text: CARD } };
    expect((await ask("redact", PATH, sent)).body).toMatchObject({
      verdict: false,
      data: { decision: "redact" },
    });
    const calls = Array.from({ length: 80 }, () => ({
      function: { name: "pay", arguments: `{"note":"${CARD}"}` },
    }));
    const joined = await ask("redact", PATH, answered({ tool_calls: calls }));
    expect(joined.body).toMatchObject({ verdict: false });
  });
});

describe("LiteLLM", () => {
  const PATH = "/beta/litellm_basic_guardrail_api";
  const body = (texts: string[], more: object = {}) => ({
    input_type: "request",
    litellm_call_id: null,
    texts,
    ...more,
  });

  it.each(["request", "response"])("answers every outcome of a %s", async (input_type) => {
    expect((await ask("block", PATH, body(["hi"], { input_type }))).body).toEqual({ action: "NONE" });
    expect((await ask("flag", PATH, body([CARD], { input_type }))).body).toEqual({ action: "NONE" });
    expect((await ask("redact", PATH, body(["hi", CARD, ""], { input_type }))).body).toEqual({
      action: "GUARDRAIL_INTERVENED",
      texts: ["hi", MASKED, ""],
    });
    const blocked = await ask("block", PATH, body([CARD], { input_type }));
    expect(blocked.status).toBe(200);
    expect(blocked.body).toMatchObject({
      action: "BLOCKED",
      blocked_reason: expect.stringMatching(/^A card number was found in the .*; it is blocked\. Decision /),
    });
    const held = await ask("require_approval", PATH, body([CARD], { input_type }));
    expect(held.body).toMatchObject({ action: "BLOCKED", blocked_reason: expect.stringMatching(/APR-\d+/) });
  });

  it("takes the credential as x-api-key", async () => {
    const key = credentials.get("block") ?? "";
    const answer = await post(`${point.url}${PATH}`, null, body([CARD]), { "x-api-key": key });
    expect(answer.body).toMatchObject({ action: "BLOCKED" });
    const none = await post(`${point.url}${PATH}`, null, body([CARD]), { "x-api-key": "nonsense" });
    expect(none).toMatchObject({ status: 401, body: { detail: expect.any(String) } });
  });

  it("masks messages that have no text of their own", async () => {
    const structured_messages = [
      { role: "user", content: "pay" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ function: { name: "pay", arguments: JSON.stringify({ note: CARD }) } }],
      },
    ];
    const { body: answer } = await ask("redact", PATH, body(["pay"], { structured_messages }));
    expect(answer).toMatchObject({ action: "GUARDRAIL_INTERVENED", texts: ["pay"] });
    const rows = answer["structured_messages"] as typeof structured_messages;
    expect(rows).toHaveLength(2);
    expect(JSON.parse(rows[1]?.tool_calls?.[0]?.function.arguments ?? "")).toEqual({ note: MASKED });
  });

  it("blocks arguments of a tool that would have to be masked", async () => {
    const tool_calls = [
      { id: "c", type: "function", function: { name: "pay", arguments: JSON.stringify({ note: CARD }) } },
    ];
    const { body: answer } = await ask("redact", PATH, body([], { input_type: "response", tool_calls }));
    expect(answer).toMatchObject({
      action: "BLOCKED",
      blocked_reason: expect.stringContaining("cannot be masked"),
    });
    expect((await ask("flag", PATH, body([], { input_type: "response", tool_calls }))).body).toEqual({
      action: "NONE",
    });
  });

  it("is one decision for one call, side and text", async () => {
    const count = await countDecisions();
    const same = body([CARD], { litellm_call_id: "c-77", model: "gpt-4o" });
    const first = await ask("block", PATH, same);
    expect(await ask("block", PATH, same)).toMatchObject({ body: first.body });
    expect(await countDecisions()).toBe(count + 1);
    for (const other of [
      { texts: [`${CARD} now`] },
      { input_type: "response" },
      { litellm_call_id: "c-78" },
      { model: "x" },
    ]) {
      expect((await ask("block", PATH, { ...same, ...other })).status).toBe(200);
    }
    expect(await countDecisions()).toBe(count + 5);
    const masked = body([CARD], { litellm_call_id: "c-79" });
    const answers = [await ask("redact", PATH, masked), await ask("redact", PATH, masked)];
    for (const answer of answers) expect(answer.body["texts"]).toEqual([MASKED]);
  });

  it("answers the captured body", async ({ skip }) => {
    const sample = protocolSample("litellm-generic.request.json");
    if (sample === undefined) return skip(NO_SAMPLES);
    expect(await ask("redact", PATH, sample)).toMatchObject({ status: 200, body: { action: "NONE" } });
  });
});

describe("clients of Lakera", () => {
  const guard = (who: string, messages: object[], more: object = {}) =>
    ask(who, "/v2/guard", { messages, breakdown: true, payload: true, ...more });
  const user = (content: string) => ({ role: "user", content });

  it.each(NAMES)("answers %s in both directions", async (name) => {
    const flagged = name !== "flag";
    for (const role of ["user", "assistant"]) {
      const { status, body } = await guard(name, [user("hi"), { role, content: CARD }]);
      expect(status).toBe(200);
      expect(body).toMatchObject({ flagged, metadata: { request_uuid: expect.any(String) } });
      const detected = (body["breakdown"] as { detected: boolean; detector_type: string }[])
        .filter((entry) => entry.detected)
        .map(({ detector_type }) => detector_type);
      const personal = detected.length > 0 && detected.every((type) => type.startsWith("pii/"));
      expect(personal, "a client masks and goes on when only personal data was detected").toBe(
        name === "redact",
      );
      expect(body["payload"]).toHaveLength(name === "redact" ? 1 : 0);
    }
  });

  it("tells places in code points, in the message where they stand", async () => {
    const { body } = await guard("redact", [
      { role: "system", content: CARD },
      user("before"),
      { role: "assistant", content: CARD },
      user(`😀 ${CARD}`),
    ]);
    expect(body["payload"]).toEqual([
      {
        start: 11,
        end: 30,
        text: "4111 1111 1111 1111",
        detector_type: "pii/credit_card",
        labels: [],
        message_id: 3,
      },
    ]);
    expect(body["breakdown"]).toEqual([
      {
        project_id: "redact",
        policy_id: "redact@1",
        detector_id: CONTROL,
        detector_type: "pii/credit_card",
        detected: true,
        message_id: 3,
      },
    ]);
  });

  it("does not look into what stands before the last interaction", async () => {
    const messages = [
      { role: "system", content: CARD },
      user(CARD),
      { role: "assistant", content: CARD },
      user("hi"),
    ];
    expect((await guard("block", messages)).body).toMatchObject({ flagged: false, payload: [] });
  });

  it("says no more than it is asked for, but always the payload", async () => {
    const { body } = await ask("redact", "/v2/guard", { messages: [user(CARD)], metadata: null });
    expect(body).toEqual({ flagged: true, payload: [], metadata: { request_uuid: expect.any(String) } });
  });

  it("finds the use case by project", async ({ skip }) => {
    const sample = protocolSample("lakera-v2-guard.request.json");
    if (sample === undefined) return skip(NO_SAMPLES);
    const { body } = await ask("several", "/v2/guard", sample);
    expect(body).toMatchObject({
      flagged: false,
      payload: [],
      breakdown: [],
      dev_info: {
        git_revision: expect.any(String),
        git_timestamp: expect.any(String),
        version: expect.any(String),
      },
    });
    const { request_uuid: id } = body["metadata"] as { request_uuid: string };
    expect(await decisionsWith(id)).toMatchObject([{ facts: { useCase: "project-123", action: "prompt" } }]);
    expect((await ask("several", "/v2/guard", { ...sample, project_id: "nowhere" })).status).toBe(403);
    expect((await ask("several", "/v2/guard", { ...sample, project_id: undefined })).status).toBe(400);
  });

  it("tells how sure each detector is, and records nothing of it", async () => {
    const count = await countDecisions();
    const { status, body } = await ask("flag", "/v2/guard/results", {
      messages: [user(`${CARD} at http://a.example`)],
    });
    expect(status).toBe(200);
    const results = new Map(
      (body["results"] as { detector_type: string; result: string }[]).map((one) => [
        one.detector_type,
        one.result,
      ]),
    );
    expect(results.get("pii/credit_card")).toBe("l1_confident");
    expect(results.get("pii/email")).toBe("no_level");
    expect(results.get("unknown_links")).toMatch(/^l[1-4]_/);
    expect(await countDecisions()).toBe(count);
  });
});

describe("OpenAI's moderation", () => {
  const PATH = "/v1/moderations";
  const moderate = (who: string, input: unknown) =>
    ask(who, PATH, { input, model: "omni-moderation-latest" });
  interface Result {
    flagged: boolean;
    categories: Record<string, boolean>;
    category_scores: Record<string, number>;
    category_applied_input_types: Record<string, string[]>;
  }
  const resultsOf = (body: Record<string, unknown>) => body["results"] as Result[];

  it.each(["allow", ...NAMES])("answers %s", async (name) => {
    const { status, body } = await moderate(
      name === "allow" ? "block" : name,
      name === "allow" ? "hello" : CARD,
    );
    expect(status).toBe(200);
    expect(body["model"]).toBe("omni-moderation-latest");
    const flagged = name !== "allow" && name !== "flag";
    const [result] = resultsOf(body);
    expect(result?.flagged).toBe(flagged);
    expect(result?.categories["illicit"]).toBe(flagged);
    expect(result?.categories["policy/pii-credit-card"]).toBe(flagged ? true : undefined);
    expect(Object.keys(result?.category_scores ?? {})).toHaveLength(flagged ? 14 : 13);
    expect(Object.keys(result?.category_applied_input_types ?? {})).toHaveLength(flagged ? 14 : 13);
    expect(await decisionsWith(body["id"])).toMatchObject([{ outcome: name, facts: { action: "prompt" } }]);
  });

  it("decides on each text of several", async () => {
    const count = await countDecisions();
    const { body } = await moderate("block", ["hello", CARD, "hello"]);
    expect(resultsOf(body).map(({ flagged }) => flagged)).toEqual([false, true, false]);
    expect(await decisionsWith(body["id"])).toMatchObject([{ outcome: "block" }]);
    expect(await countDecisions()).toBe(count + 3);
  });

  it("answers the captured body", async ({ skip }) => {
    const sample = protocolSample("openai-moderations-langchain.json");
    if (sample === undefined) return skip(NO_SAMPLES);
    expect((await ask("block", PATH, sample["body"])).body).toMatchObject({ results: [{ flagged: false }] });
  });
});

/** Asks in a dialect about a card number, by one person in one session; resolves with whether it may go on. */
const HELD: [dialect: string, proceeds: () => Promise<boolean>][] = [
  [
    "Portkey",
    async () => {
      const json = { model: "gpt-4o", messages: [{ role: "user", content: CARD }] };
      const sent = {
        eventType: "beforeRequestHook",
        provider: "openai",
        request: { json },
        metadata: { _user: "u-held" },
      };
      return (await ask("require_approval", "/v1/portkey", sent)).body["verdict"] === true;
    },
  ],
  [
    "LiteLLM",
    async () => {
      const sent = {
        input_type: "request",
        litellm_call_id: crypto.randomUUID(),
        litellm_trace_id: crypto.randomUUID(),
      };
      const { body } = await ask("require_approval", "/beta/litellm_basic_guardrail_api", {
        ...sent,
        texts: [CARD, "held"],
      });
      return body["action"] === "NONE";
    },
  ],
  [
    "Lakera",
    async () => {
      const messages = [{ role: "user", content: `${CARD}, held` }];
      return (await ask("require_approval", "/v2/guard", { messages })).body["flagged"] === false;
    },
  ],
  [
    "OpenAI",
    async () => {
      const { body } = await ask("require_approval", "/v1/moderations", {
        input: `${CARD}, held by moderation`,
      });
      return (body["results"] as { flagged: boolean }[])[0]?.flagged === false;
    },
  ],
];

describe("a held request", () => {
  it.each(HELD)("of %s goes on once, after a person granted it", async (_, proceeds) => {
    expect(await proceeds()).toBe(false);
    expect(await proceeds()).toBe(false);
    const { id: decider } = await buildPerson(database.db, ["security_lead"]);
    const { rowCount } = await database.pool.query(
      `UPDATE approval_request SET verdict = 'granted', decided_by_id = $1, decided_at = now(), reason = 'known'
       WHERE id = (SELECT id FROM approval_request WHERE verdict IS NULL ORDER BY ref DESC LIMIT 1)`,
      [decider],
    );
    expect(rowCount).toBe(1);
    expect(await proceeds()).toBe(true);
    expect(await proceeds()).toBe(false);
  });
});

const DOORS: [path: string, good: object, error: object][] = [
  [
    "/v1/portkey",
    { eventType: "beforeRequestHook", request: { json: { messages: [] } } },
    { verdict: false, error: { code: expect.any(String), message: expect.any(String) } },
  ],
  ["/beta/litellm_basic_guardrail_api", { input_type: "request" }, { detail: expect.any(String) }],
  ["/v2/guard", { messages: [{ role: "user", content: "hi" }] }, { error: { message: expect.any(String) } }],
  [
    "/v2/guard/results",
    { messages: [{ role: "user", content: "hi" }] },
    { error: { message: expect.any(String) } },
  ],
  ["/v1/moderations", { input: "hi" }, { error: { message: expect.any(String), type: expect.any(String) } }],
];

describe.each(DOORS)("%s", (path, good, error) => {
  const raw = (body: string, headers: Record<string, string> = {}) => ask("block", path, body, headers);

  it("words its errors as its clients read them", async () => {
    expect(await ask("block", path, good)).toMatchObject({ status: 200 });
    expect(await ask("nobody", path, good)).toMatchObject({ status: 401, body: error });
    for (const bad of ["", "{", "[]", "null", '"text"', "{}"]) {
      expect(await raw(bad), bad).toMatchObject({ status: 400, body: error });
    }
    expect(await raw("{}", { "content-type": "text/plain" })).toMatchObject({ status: 400, body: error });
    expect(await raw(JSON.stringify({ ...good, x: "x".repeat(1_048_576) }))).toMatchObject({
      status: 413,
      body: error,
    });
    const got = await fetch(`${point.url}${path}`);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it("is not brought down by what it is sent", async () => {
    const deep = (open: string, close: string, depth = 60_000) =>
      `${open.repeat(depth)}1${close.repeat(depth)}`;
    const surrogate = '"\\ud800 \\u0000 text"';
    const values = [
      ...[
        "null",
        "1",
        "true",
        '""',
        surrogate,
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[1,2]",
        '{"__proto__":{"x":1}}',
      ],
      ...[
        "-1e999",
        `[${Array(20_000).fill("1").join()}]`,
        `[${Array(20_000).fill('{"role":"user","content":"a"}').join()}]`,
      ],
      ...[
        deep("[", "]"),
        deep('{"a":', "}"),
        deep("[", "]", 90),
        '{"toString":1,"constructor":null,"__proto__":null}',
      ],
    ];
    const fields = [
      ...new Set([
        ...Object.keys(good),
        "request",
        "response",
        "metadata",
        "tool_calls",
        "texts",
        "project_id",
        "model",
      ]),
    ];
    for (const field of fields) {
      for (const value of values) {
        const rest = JSON.stringify({ ...good, [field]: undefined }).slice(1, -1);
        const body = `{${rest === "" ? "" : `${rest},`}"${field}":${value}}`;
        const { status } = await raw(body);
        expect([200, 400, 403], `${field}: ${value.slice(0, 60)}`).toContain(status);
      }
    }
  });
});

it("without the database every dialect asks to come back soon", async () => {
  const address = new URL(database.url);
  const proxy = await startProxy(Number(address.port));
  address.port = String(proxy.port);
  const cut = await startTestPoint(address.href, { name: "cut" });
  try {
    proxy.cut();
    const deciding = DOORS.filter(([path]) => path !== "/v2/guard/results");
    for (const [path, good, error] of deciding) {
      const { status, headers, body } = await post(
        `${cut.url}${path}`,
        credentials.get("block") ?? null,
        good,
      );
      expect({ status, body }, path).toMatchObject({ status: 503, body: error });
      expect(["1", "2", "3", "4", "5"]).toContain(headers.get("retry-after"));
    }
  } finally {
    proxy.resume();
    await cut.stop();
    await proxy.close();
  }
});
