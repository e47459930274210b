import { describe, expect, it } from "vitest";
import { kindOf, modelOf, tokensOf } from "./conventions";
import { understandLogs } from "./understand-log";
import { understandSpans } from "./understand-span";
import type { Span, Value } from "./wire";

const attributes = (object: Record<string, Value>) => new Map(Object.entries(object));
const resource = new Map<string, Value>();
const END = 1_795_176_532_683_561_700;

function bodies(object: Record<string, Value>, different: Partial<Span> = {}) {
  const item = {
    traceId: "ab",
    spanId: "cd",
    endTimeUnixNano: END,
    attributes: attributes(object),
    ...different,
  };
  return understandSpans([{ item, resource }]).map(({ body }) => body);
}

describe("what counts", () => {
  it.each([
    [{ "gen_ai.operation.name": "chat" }, "inference"],
    [{ "gen_ai.operation.name": "text_completion" }, "inference"],
    [{ "gen_ai.operation.name": "generate_content" }, "inference"],
    [{ "gen_ai.operation.name": "embeddings" }, "inference"],
    [{ "gen_ai.operation.name": "execute_tool" }, "tool"],
    [{ "gen_ai.operation.name": "invoke_agent" }, null],
    [{ "gen_ai.operation.name": "agent_step", "gen_ai.usage.input_tokens": 5 }, null],
    [{ "ai.operationId": "ai.generateText.doGenerate" }, "inference"],
    [{ "ai.operationId": "ai.embedMany.doEmbed" }, "inference"],
    [{ "ai.operationId": "ai.streamText" }, null],
    [{ "ai.operationId": "ai.toolCall" }, "tool"],
    [{ "openinference.span.kind": "LLM" }, "inference"],
    [{ "openinference.span.kind": "EMBEDDING" }, "inference"],
    [{ "openinference.span.kind": "TOOL" }, "tool"],
    [{ "openinference.span.kind": "CHAIN" }, null],
    [{ "openinference.span.kind": "AGENT" }, null],
    [{ "langfuse.observation.type": "generation" }, "inference"],
    [{ "langfuse.observation.type": "tool" }, "tool"],
    [{ "langfuse.observation.type": "span" }, null],
    [{ "traceloop.span.kind": "tool" }, "tool"],
    [{ "traceloop.span.kind": "workflow" }, null],
    [{ "llm.request.type": "chat" }, "inference"],
    [{ "http.request.method": "POST" }, null],
    [{}, null],
  ])("%o is %s", (object, kind) => {
    expect(kindOf({ attributes: attributes(object) })).toBe(kind);
  });

  it("a call right below a call is the same call; a call below a tool is another", () => {
    const span = (spanId: string, parentSpanId: string, operation: string) => ({
      item: {
        traceId: "aa",
        spanId,
        parentSpanId,
        endTimeUnixNano: END,
        attributes: attributes({ "gen_ai.operation.name": operation }),
      },
      resource,
    });
    const all = [
      span("01", "", "chat"),
      span("02", "01", "chat"),
      span("03", "01", "execute_tool"),
      span("04", "03", "chat"),
    ];
    expect(understandSpans(all).map(({ key }) => key)).toEqual(["otlp/aa/01", "otlp/aa/03", "otlp/aa/04"]);
  });
});

describe("models", () => {
  it.each([
    [{ "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude" }, "anthropic/claude"],
    [{ "gen_ai.system": "openai.chat", "gen_ai.request.model": "gpt-4o" }, "openai/gpt-4o"],
    [{ "gen_ai.system": "azure.ai.openai", "gen_ai.request.model": "gpt-4o" }, "azure.ai.openai/gpt-4o"],
    [
      { "gen_ai.provider.name": "openai", "gen_ai.system": "x", "gen_ai.request.model": "openai/gpt-4o" },
      "openai/gpt-4o",
    ],
    [{ "gen_ai.request.model": "a", "gen_ai.response.model": "b" }, "a"],
    [{ "gen_ai.response.model": "b" }, "b"],
    [{ "gen_ai.system": "openai" }, undefined],
    [{ "gen_ai.request.model": "a\u0000b" }, "ab"],
  ])("%o is %s", (object, model) => {
    expect(modelOf(attributes(object))).toBe(model);
  });
});

describe("tokens", () => {
  it.each([
    [
      { "gen_ai.usage.input_tokens": 3, "gen_ai.usage.output_tokens": "4" },
      { input: 3, output: 4 },
    ],
    [
      { "gen_ai.usage.prompt_tokens": 3, "gen_ai.usage.completion_tokens": 4 },
      { input: 3, output: 4 },
    ],
    [{ "ai.usage.tokens": 9 }, { input: 9, output: 0 }],
    [
      { "ai.usage.inputTokens": 3, "gen_ai.usage.input_tokens": 3 },
      { input: 3, output: 0 },
    ],
    [{ "gen_ai.usage.input_tokens": -3, "gen_ai.usage.output_tokens": 1e12 }, undefined],
    [{ "gen_ai.usage.input_tokens": "many" }, undefined],
    [{ "langfuse.observation.usage_details": "nonsense" }, undefined],
  ])("%o are %o", (object, tokens) => {
    expect(tokensOf(attributes(object))).toEqual(tokens);
  });
});

describe("older and other ways to tell messages", () => {
  const chat = { "gen_ai.operation.name": "chat" };
  it.each<[string, Record<string, Value>, Partial<Span>, string[]]>([
    [
      "nested values",
      { ...chat, "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "hi" }] }] },
      {},
      ["user: hi"],
    ],
    [
      "numbered attributes",
      {
        "llm.request.type": "chat",
        "gen_ai.prompt.1.role": "user",
        "gen_ai.prompt.1.content": "two",
        "gen_ai.prompt.0.role": "system",
        "gen_ai.prompt.0.content": "one",
        "gen_ai.completion.0.content": "three",
      },
      {},
      ["system: one", "user: two", "assistant: three"],
    ],
    [
      "events of the span",
      chat,
      {
        events: [
          { name: "gen_ai.user.message", attributes: attributes({ content: "hi" }) },
          { name: "exception", attributes: attributes({ content: "no" }) },
        ],
      },
      ["user: hi"],
    ],
    [
      "one event with all of them",
      chat,
      {
        events: [
          {
            name: "gen_ai.client.inference.operation.details",
            attributes: attributes({ "gen_ai.input.messages": '[{"role":"user","content":"hi"}]' }),
          },
        ],
      },
      ["user: hi"],
    ],
    [
      "texts to embed",
      { "ai.operationId": "ai.embedMany.doEmbed", "ai.values": ['"a"', '"b"'] },
      {},
      ['user: "a"', 'user: "b"'],
    ],
    [
      "Anthropic's parts",
      {
        "openinference.span.kind": "LLM",
        "input.value":
          '{"system":"s","messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"image","source":{}}]}]}',
      },
      {},
      ["system: s", "user: hi"],
    ],
    [
      "plain text",
      {
        "langfuse.observation.type": "generation",
        "langfuse.observation.input": "hi",
        "langfuse.observation.output": "[not JSON",
      },
      {},
      ["user: hi", "assistant: [not JSON"],
    ],
    [
      "an unknown role is the user's",
      { ...chat, "gen_ai.input.messages": '[{"role":"root","content":"hi"}]' },
      {},
      ["user: hi"],
    ],
    [
      "roles of Gemini and LangChain",
      {
        ...chat,
        "gen_ai.input.messages": '[{"role":"Human","content":"hi"},{"role":"model","content":"ho"}]',
      },
      {},
      ["user: hi", "assistant: ho"],
    ],
    [
      "something else entirely",
      { ...chat, "gen_ai.input.messages": '{"question":"a@b.co?"}' },
      {},
      ['user: {"question":"a@b.co?"}'],
    ],
  ])("%s", (_, object, different, expected) => {
    const [body] = bodies(object, different);
    const messages = body?.["messages"] as { role: string; content: string }[];
    expect(messages.map(({ role, content }) => `${role}: ${content}`)).toEqual(expected);
  });

  it("a tool's arguments that are no object are put under input", () => {
    const tool = { "openinference.span.kind": "TOOL", "tool.name": "search", "input.value": "cats" };
    expect(bodies(tool)[0]).toMatchObject({
      action: "tool_call",
      tool: { name: "search", arguments: { input: "cats" } },
    });
  });

  it("our own attributes are read from the span, then from its resource", () => {
    const of = attributes({
      "sluice.use_case": "support",
      "sluice.purpose": "triage",
      "service.name": "desk",
    });
    const item = {
      endTimeUnixNano: END,
      attributes: attributes({ "gen_ai.operation.name": "chat", "sluice.purpose": "own" }),
    };
    const [told] = understandSpans([{ item, resource: of }]);
    expect(told).toMatchObject({
      key: null,
      serviceName: "desk",
      body: { useCase: "support", purpose: "own" },
    });
  });
});

describe("log records", () => {
  const record = (content: string, time: number, ids = {}) => ({
    item: { eventName: "gen_ai.user.message", body: { content }, timeUnixNano: time, ...ids },
    resource,
  });

  it("of one span are one, in the order of their times; without a span each stands alone", () => {
    const ids = { traceId: "aa", spanId: "01" };
    const [together, alone, ...none] = understandLogs([
      record("b", 2e18, ids),
      record("a", 1e18, ids),
      record("c", 1e18),
    ]);
    expect(none).toEqual([]);
    expect(together).toMatchObject({
      onlyIfFound: true,
      key: expect.stringMatching(/^otlp\/aa\/01\/[0-9a-f]{32}$/),
      body: { messages: [{ content: "a" }, { content: "b" }] },
    });
    expect(alone).toMatchObject({ onlyIfFound: false, key: expect.stringMatching(/^otlp\/log\//) });
  });

  it("that tell no message are none of ours", () => {
    expect(understandLogs([{ item: { eventName: "http.request", body: "a@b.co" }, resource }])).toEqual([]);
    expect(understandLogs([{ item: { body: "a line of a log" }, resource }])).toEqual([]);
  });
});
