import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Told } from "./told";
import { understandLogs } from "./understand-log";
import { understandSpans } from "./understand-span";
import { itemsOf, LOGS, METRICS, type Signal, TRACES } from "./wire";
import { readJsonMessage } from "./wire-json";
import { readProtobuf } from "./wire-protobuf";

const SAMPLES = join(import.meta.dirname, "../../../../../shared/protocols/samples");
const MISSING = "../shared/protocols is not there";
const bytesOf = (name: string) => {
  const path = join(SAMPLES, name);
  return existsSync(path) ? readFileSync(path) : null;
};

function read(name: string, bytes: Buffer, signal: Signal) {
  return name.endsWith(".json")
    ? readJsonMessage(JSON.parse(bytes.toString("utf8")), signal.request)
    : readProtobuf(name.endsWith(".gz") ? gunzipSync(bytes) : bytes, signal.request);
}

function told(name: string, bytes: Buffer): Told[] {
  return name.includes("-logs-")
    ? understandLogs(itemsOf(read(name, bytes, LOGS), LOGS))
    : understandSpans(itemsOf(read(name, bytes, TRACES), TRACES));
}

/** What a reader sees: action, model or tool, who and which session, the messages by role, the tokens. */
function seen({ body, tokens }: Told) {
  const { action, model, tool, actor, sessionId, messages = [] } = body as unknown as Body;
  return {
    action,
    ...(model && { model }),
    ...(tool && { tool }),
    ...(actor && { actor: actor.id }),
    ...(sessionId && { sessionId }),
    messages: messages.map(({ role, content }) => `${role}: ${content}`),
    ...(tokens && { tokens: [tokens.input, tokens.output] }),
  };
}

interface Body {
  action: string;
  model?: string;
  tool?: object;
  actor?: { id: string };
  sessionId?: string;
  messages?: { role: string; content: string }[];
}

/** Two runs of the same program differ by their times and ids. */
const withoutRun = (all: Told[]) =>
  all.map(({ body: { observedAt, traceId, ...body }, tokens }) => ({ body, tokens }));

const CALLED = 'assistant: {"name":"get_weather","arguments":{"city":"Paris"}}';
const MINI = "openai/gpt-4o-mini";
const weather = { name: "get_weather", arguments: { city: "Paris" } };
const sdk6 = { actor: "u-42", model: MINI };

const FACTS: [sample: string, facts: object[]][] = [
  [
    "otlp-traces-contrib-openai-0.21.0.json",
    [
      ...Array.from({ length: 4 }, () => ({ action: "prompt", model: MINI, messages: [], tokens: [11, 6] })),
      { action: "prompt", model: "openai/text-embedding-3-small", messages: [], tokens: [1, 0] },
    ],
  ],
  [
    "otlp-logs-contrib-openai-0.21.0.json",
    [
      {
        action: "prompt",
        messages: [
          "system: be brief",
          "user: weather in Paris? my email is a@b.co",
          'assistant: {"function":{"name":"get_weather","arguments":"{\\"city\\":\\"Paris\\"}"}}',
        ],
      },
      { action: "prompt", messages: ["user: hello", "assistant: Hello from the fake model."] },
      { action: "prompt", messages: ["user: stream", "assistant: Hello stream."] },
      { action: "prompt", messages: ["user: hi", "assistant: Hello from the fake model."] },
    ],
  ],
  [
    "otlp-traces-ai-6.0.326.json",
    [
      {
        action: "prompt",
        ...sdk6,
        messages: [
          "system: be brief",
          "user: weather in Paris? a@b.co",
          'assistant: {"toolName":"get_weather","input":"{\\"city\\":\\"Paris\\"}"}',
        ],
        tokens: [11, 6],
      },
      { action: "tool_call", actor: "u-42", tool: weather, messages: ['tool: {"t":21}'] },
      {
        action: "prompt",
        ...sdk6,
        messages: [
          "system: be brief",
          "user: weather in Paris? a@b.co",
          'assistant: {"toolName":"get_weather","input":{"city":"Paris"}}',
          'tool: {"toolName":"get_weather","output":{"type":"json","value":{"t":21}}}',
          "assistant: Hello from the fake model.",
        ],
        tokens: [11, 6],
      },
      { action: "prompt", ...sdk6, messages: ["user: stream", "assistant: Hello stream."], tokens: [11, 6] },
    ],
  ],
  [
    "otlp-traces-ai-7.0.173.json",
    [
      {
        action: "prompt",
        model: MINI,
        messages: ["system: be brief", "user: weather in Paris? a@b.co", CALLED],
        tokens: [11, 6],
      },
      { action: "tool_call", tool: weather, messages: ['tool: {"t":21}'] },
      {
        action: "prompt",
        model: MINI,
        messages: [
          "system: be brief",
          "user: weather in Paris? a@b.co",
          CALLED,
          'tool: {"response":{"t":21}}',
          "assistant: Hello from the fake model.",
        ],
        tokens: [11, 6],
      },
      {
        action: "prompt",
        model: MINI,
        messages: ["user: stream", "assistant: Hello stream."],
        tokens: [11, 6],
      },
    ],
  ],
  [
    "otlp-traces-openinference-4.2.7.json",
    [
      {
        action: "prompt",
        model: MINI,
        actor: "u-42",
        messages: [
          "system: be brief",
          "user: weather in Paris? my email is a@b.co",
          'assistant: get_weather\n{"city":"Paris"}',
        ],
        tokens: [11, 6],
      },
      {
        action: "prompt",
        model: MINI,
        messages: ["user: hello", "assistant: Hello from the fake model."],
        tokens: [11, 6],
      },
      { action: "prompt", model: MINI, messages: ["user: stream", "assistant: Hello stream."] },
      {
        action: "prompt",
        model: MINI,
        messages: ["user: hi", "assistant: Hello from the fake model."],
        tokens: [11, 6],
      },
      { action: "prompt", model: "openai/text-embedding-3-small", messages: ["user: hi"] },
    ],
  ],
  [
    "otlp-traces-langfuse-5.11.1.json",
    [
      {
        action: "prompt",
        model: "gpt-4o-mini",
        actor: "u-42",
        sessionId: "s-1",
        messages: ["user: hi", "assistant: Hello from the fake model."],
        tokens: [11, 6],
      },
    ],
  ],
  [
    "otlp-traces-traceloop-0.27.0.pb",
    [
      {
        action: "prompt",
        model: MINI,
        actor: "u-42",
        messages: ["system: be brief", "user: weather in Paris?", CALLED],
        tokens: [11, 6],
      },
    ],
  ],
];

describe("captured exports", () => {
  for (const [name, facts] of FACTS) {
    it(`${name}: the facts that a reader sees, each call once`, ({ skip }) => {
      const bytes = bytesOf(name);
      if (bytes === null) return skip(MISSING);
      expect(told(name, bytes).map(seen)).toEqual(facts);
    });
  }

  for (const [one, other] of [
    ["otlp-traces-contrib-openai-0.21.0.json", "otlp-traces-contrib-openai-0.21.0.pb"],
    ["otlp-traces-contrib-openai-0.21.0.pb", "otlp-traces-contrib-openai-0.21.0.pb.gz"],
    ["otlp-traces-ai-7.0.173.json", "otlp-traces-ai-7.0.173.pb"],
    ["otlp-logs-contrib-openai-0.21.0.json", "otlp-logs-contrib-openai-0.21.0.pb"],
  ] as const) {
    it(`${one} and ${other} say the same`, ({ skip }) => {
      const [a, b] = [bytesOf(one), bytesOf(other)];
      if (a === null || b === null) return skip(MISSING);
      expect(withoutRun(told(one, a))).toEqual(withoutRun(told(other, b)));
    });
  }

  it("metrics can be read in both encodings", ({ skip }) => {
    for (const name of ["otlp-metrics-contrib-openai-0.21.0.json", "otlp-metrics-contrib-openai-0.21.0.pb"]) {
      const bytes = bytesOf(name);
      if (bytes === null) return skip(MISSING);
      const names = itemsOf<{ name: string }>(read(name, bytes, METRICS), METRICS).map(
        ({ item }) => item.name,
      );
      expect(names).toEqual(["gen_ai.client.operation.duration", "gen_ai.client.token.usage"]);
    }
  });

  it("what is observed is dated by the end of the span, and known by its trace and span", ({ skip }) => {
    const name = "otlp-traces-langfuse-5.11.1.json";
    const bytes = bytesOf(name);
    if (bytes === null) return skip(MISSING);
    const [{ body, key } = { body: {}, key: null }] = told(name, bytes);
    expect(body).toMatchObject({
      observedAt: new Date(1795177230069).toISOString(),
      traceId: "4317234201959c9e2be270d29f7fa16a",
    });
    expect(key).toBe("otlp/4317234201959c9e2be270d29f7fa16a/ef93705a0de37fb5");
  });
});
