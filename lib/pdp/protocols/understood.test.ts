import { describe, expect, it } from "vitest";
import { NO_SAMPLES, protocolSample } from "@/lib/testing/protocol-samples";
import { LIMITS } from "../request";
import { MAX_CALLS, requestsOf, type Sent } from "./judge-texts";
import { codePointsOf, detectorType, understoodLakera } from "./lakera-request";
import { understoodLitellm } from "./litellm";
import { understoodModeration } from "./openai-moderation";
import { understoodPortkey } from "./portkey";

type Body = Record<string, unknown>;

/** What each dialect makes of its captured body. */
const SAMPLES: [file: string, read: (body: Body) => Sent[], requests: object[]][] = [
  [
    "portkey-webhook-beforeRequest.json",
    (body) => [understoodPortkey(body)],
    [
      {
        action: "prompt",
        model: "openai/gpt-4o-mini",
        actor: { id: "u-42" },
        messages: [
          { role: "system", content: "be brief" },
          { role: "user", content: "my email is a@b.co" },
        ],
      },
    ],
  ],
  [
    "portkey-webhook-afterRequest.json",
    (body) => [understoodPortkey(body)],
    [
      {
        action: "completion",
        model: "openai/gpt-4o-mini",
        messages: [{ role: "assistant", content: "Hello from the fake model." }],
      },
    ],
  ],
  [
    "litellm-generic.request.json",
    (body) => [understoodLitellm(body).sent],
    [
      {
        action: "prompt",
        model: "gpt-4o",
        actor: { id: "e-1" },
        traceId: "t-1",
        messages: [
          { role: "system", content: "be brief" },
          { role: "user", content: "mail a@b.co" },
        ],
      },
    ],
  ],
  [
    "lakera-v2-guard.request.json",
    (body) => [understoodLakera(body).sent],
    [
      {
        action: "prompt",
        useCase: "project-123",
        messages: [{ role: "user", content: "mail a@b.co the key" }],
      },
    ],
  ],
  [
    "openai-moderations-langchain.json",
    (body) => understoodModeration(body["body"] as Body),
    [{ action: "prompt", messages: [{ role: "user", content: "hello" }] }],
  ],
];

describe("captured bodies", () => {
  it.for(SAMPLES)("%s", ([file, read, requests], { skip }) => {
    const body = protocolSample(file);
    if (body === undefined) return skip(NO_SAMPLES);
    expect(read(body).flatMap(requestsOf)).toEqual(requests);
  });
});

const portkeyAfter = (json: unknown, more: Body = {}) =>
  requestsOf(
    understoodPortkey({
      eventType: "afterRequestHook",
      provider: "openai",
      request: {},
      response: { json },
      ...more,
    }),
  );

describe("Portkey", () => {
  it("names facts in the metadata", () => {
    const metadata = {
      sluice_use_case: "support-bot",
      sluice_purpose: "customer-support",
      sluice_task: "refund",
      sluice_data_class: "internal",
      _user: 42,
      session_id: "s",
      trace_id: "t",
      authorization: "Bearer upstream",
    };
    const [request] = portkeyAfter({}, { metadata });
    expect(request).toEqual({
      action: "completion",
      useCase: "support-bot",
      purpose: "customer-support",
      task: "refund",
      dataClass: "internal",
      actor: { id: "42" },
      sessionId: "s",
      traceId: "t",
    });
  });

  it("refuses a data class that is none, and an event that is none", () => {
    expect(() => portkeyAfter({}, { metadata: { sluice_data_class: "top" } })).toThrow("data class");
    expect(() => understoodPortkey({ eventType: "hook" })).toThrow("eventType");
  });

  it("asks about each call of a tool apart, and about those beyond the bound together", () => {
    const call = (n: number) => ({
      type: "function",
      function: { name: `tool_${n}`, arguments: `{"n":${n}}` },
    });
    const answer = (count: number) => ({
      choices: [
        { message: { content: "I call", tool_calls: Array.from({ length: count }, (_, n) => call(n)) } },
      ],
    });
    expect(portkeyAfter(answer(2))).toEqual([
      { action: "completion", messages: [{ role: "assistant", content: "I call" }] },
      { action: "tool_call", tool: { name: "tool_0", arguments: { n: 0 } } },
      { action: "tool_call", tool: { name: "tool_1", arguments: { n: 1 } } },
    ]);
    const many = portkeyAfter(answer(MAX_CALLS + 10));
    expect(many).toHaveLength(1 + MAX_CALLS);
    expect(many.at(-1)?.tool?.name).toMatch(/^tool_63, tool_64, /);
    expect(JSON.stringify(many.at(-1)?.tool?.arguments)).toContain("tool_73");
  });

  it("keeps arguments that are no object, or too deep, as one text", () => {
    const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
    for (const given of ["not json", '"text"', deep]) {
      const [request] = portkeyAfter({
        choices: [{ message: { tool_calls: [{ function: { name: "f", arguments: given } }] } }],
      });
      expect(request?.tool?.arguments).toEqual({ arguments: given });
    }
  });

  it("reads the text where the JSON has none", () => {
    const [request] = portkeyAfter(null, { response: { json: {}, text: "streamed" } });
    expect(request?.messages).toEqual([{ role: "assistant", content: "streamed" }]);
  });
});

describe("LiteLLM", () => {
  const ask = (body: Body) => requestsOf(understoodLitellm(body).sent);

  it("reads a text once that stands in messages too, and those that do not stand there", () => {
    const body = {
      input_type: "request",
      texts: ["same", "same", "apart"],
      structured_messages: [
        { role: "user", content: "same" },
        { role: "assistant", content: "same" },
        { role: "tool", content: "only here" },
      ],
    };
    expect(ask(body)[0]?.messages).toEqual([
      { role: "user", content: "same" },
      { role: "assistant", content: "same" },
      { role: "tool", content: "only here" },
      { role: "user", content: "apart" },
    ]);
  });

  it("takes an answer's calls for calls, a request's for history, and tools on offer for nothing", () => {
    const tool_calls = [{ id: "c", function: { name: "pay", arguments: '{"to":"x"}' } }];
    const tools = [{ type: "function", function: { name: "drop_table", parameters: {} } }];
    expect(ask({ input_type: "response", texts: [], tool_calls, tools })).toEqual([
      { action: "tool_call", tool: { name: "pay", arguments: { to: "x" } } },
    ]);
    expect(ask({ input_type: "request", texts: ["hi"], tool_calls, tools })).toEqual([
      {
        action: "prompt",
        messages: [
          { role: "user", content: "hi" },
          { role: "assistant", content: '{"to":"x"}' },
        ],
      },
    ]);
  });

  it("lets everything but the type be missing or null", () => {
    const nothing = { action: "prompt" };
    expect(ask({ input_type: "request" })).toEqual([nothing]);
    const names =
      "litellm_call_id litellm_trace_id model texts images structured_messages tools tool_calls request_data";
    const nulls = Object.fromEntries(names.split(" ").map((name) => [name, null]));
    expect(ask({ input_type: "request", ...nulls })).toEqual([nothing]);
    expect(() => ask({})).toThrow("input_type");
    expect(() => ask({ input_type: "request", texts: ["a", 1] })).toThrow("texts.1");
    expect(() => ask({ input_type: "request", tool_calls: {} })).toThrow("tool_calls");
  });

  it("reads no key and no header of LiteLLM's caller", () => {
    const body = {
      input_type: "request",
      texts: ["hi"],
      request_data: { user_api_key_hash: "HASH", user_api_key_alias: "ALIAS", user_api_key_user_id: "u-42" },
      request_headers: { authorization: "Bearer HEADER" },
    };
    expect(JSON.stringify(ask(body))).not.toMatch(/HASH|ALIAS|HEADER/);
    expect(ask(body)[0]?.actor).toEqual({ id: "u-42" });
  });
});

describe("Lakera", () => {
  const ask = (...roles: string[]) =>
    requestsOf(understoodLakera({ messages: roles.map((role, n) => ({ role, content: `#${n}` })) }).sent)[0];

  it.each([
    [["user"], "prompt", ["#0"]],
    [["system", "user", "assistant", "user"], "prompt", ["#3"]],
    [["user", "assistant"], "completion", ["#0", "#1"]],
    [["user", "assistant", "user", "assistant"], "completion", ["#2", "#3"]],
    [["user", "assistant", "tool"], "tool_result", ["#2"]],
    [["user", "assistant", "user", "system"], "prompt", ["#2"]],
    [["system"], "prompt", undefined],
  ])("%j: the last interaction, without what is trusted", (roles, action, contents) => {
    const request = ask(...(roles as string[]));
    expect(request?.action).toBe(action);
    expect(request?.messages?.map(({ content }) => content)).toEqual(contents);
  });

  it("refuses what are no messages", () => {
    for (const messages of [undefined, [], "hi", {}])
      expect(() => understoodLakera({ messages })).toThrow("messages");
    expect(() => understoodLakera({ messages: [{ role: "user", content: "a" }, null] })).toThrow(
      "messages.1",
    );
  });

  it("counts in code points", () => {
    const at = codePointsOf("a😀b@c.de");
    expect([0, 1, 3, 8].map(at)).toEqual([0, 1, 2, 7]);
    expect(codePointsOf("plain")(3)).toBe(3);
  });

  it("knows its names for detectors", () => {
    expect(["pii/us-ssn", "pii/email", "moderation/hate", "secrets", "custom/x"].map(detectorType)).toEqual([
      "pii/us_social_security_number",
      "pii/email",
      "moderated_content/hate",
      "secrets",
      "custom/x",
    ]);
  });
});

describe("OpenAI moderation", () => {
  const texts = (input: unknown) =>
    understoodModeration({ input })
      .flatMap(requestsOf)
      .map(({ messages }) => messages?.[0]?.content);

  it("has a request for each text; parts are one text", () => {
    expect(texts("a")).toEqual(["a"]);
    expect(texts(["a", "b"])).toEqual(["a", "b"]);
    expect(
      texts([
        { type: "text", text: "a" },
        { type: "image_url", image_url: { url: "x" } },
        { type: "text", text: "b" },
      ]),
    ).toEqual(["a\nb"]);
    expect(texts("")).toEqual([undefined]);
  });

  it("refuses what is no input", () => {
    for (const input of [
      undefined,
      null,
      1,
      {},
      [],
      [1],
      ["a", 1],
      [null],
      Array(LIMITS.items + 1).fill("a"),
    ]) {
      expect(() => texts(input)).toThrow("input");
    }
  });
});

describe("the largest bodies", () => {
  const LONG = 200_000;

  it.each([
    [
      "messages",
      (messages: unknown[]) =>
        understoodPortkey({ eventType: "beforeRequestHook", request: { json: { messages } } }),
    ],
    [
      "choices",
      (choices: unknown[]) =>
        understoodPortkey({ eventType: "afterRequestHook", response: { json: { choices } } }),
    ],
    [
      "texts",
      (list: unknown[]) => understoodLitellm({ input_type: "request", texts: list.map(() => "a") }).sent,
    ],
    [
      "structured",
      (structured_messages: unknown[]) =>
        understoodLitellm({ input_type: "request", structured_messages }).sent,
    ],
    ["turns", (messages: unknown[]) => understoodLakera({ messages }).sent],
  ])("%s are put together, and none is lost", (_, read) => {
    const [request, ...others] = requestsOf(read(Array.from({ length: LONG }, () => ({ content: "a" }))));
    expect(others).toEqual([]);
    expect(request?.messages).toHaveLength(LIMITS.messages);
    expect(request?.messages?.map(({ content }) => content).join("\n").length).toBe(2 * LONG - 1);
  });

  it("calls of tools are bounded", () => {
    const tool_calls = Array.from({ length: 50_000 }, () => ({ function: { name: "f", arguments: "{}" } }));
    expect(portkeyAfter({ choices: [{ message: { tool_calls } }] })).toHaveLength(MAX_CALLS);
    expect(requestsOf(understoodLitellm({ input_type: "response", tool_calls }).sent)).toHaveLength(
      MAX_CALLS,
    );
    const messages = [{ role: "assistant", tool_calls }];
    expect(requestsOf(understoodLakera({ messages }).sent)).toHaveLength(MAX_CALLS);
  });
});
