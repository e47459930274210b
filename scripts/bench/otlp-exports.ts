import { randomBytes } from "node:crypto";
import { field } from "@/lib/pdp/protocols/otlp/wire-protobuf";

type Attribute = [key: string, value: string | number];

interface BenchSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  attributes: Attribute[];
}

const hex = (bytes: number) => randomBytes(bytes).toString("hex");
const text = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });

/**
 * One run of an agent as the AI SDK tells it: the agent, a call of a model with a prompt, a tool, and a call with the
 * whole conversation. Three of the four count.
 */
export function agentRun(prompt: string, at: number): BenchSpan[] {
  const traceId = hex(16);
  const [agent, first, tool, second] = [hex(8), hex(8), hex(8), hex(8)];
  const input = JSON.stringify([text("user", prompt)]);
  const chat = (spanId: string, messages: string, answer: string): BenchSpan => ({
    traceId,
    spanId,
    parentSpanId: agent,
    name: "chat gpt-4o",
    attributes: [
      ["gen_ai.operation.name", "chat"],
      ["gen_ai.provider.name", "openai"],
      ["gen_ai.request.model", "gpt-4o"],
      ["gen_ai.input.messages", messages],
      ["gen_ai.output.messages", JSON.stringify([text("assistant", answer)])],
      ["gen_ai.response.id", `chatcmpl-${spanId}`],
      ["gen_ai.response.model", "gpt-4o"],
      ["gen_ai.usage.input_tokens", 250],
      ["gen_ai.usage.output_tokens", 20],
      ["session.id", `session-${at % 400}`],
      ["user.id", `u-${at % 50}`],
      ["server.address", "api.openai.com"],
    ],
  });
  return [
    chat(first, input, "Let me look that up."),
    {
      traceId,
      spanId: tool,
      parentSpanId: agent,
      name: "execute_tool search",
      attributes: [
        ["gen_ai.operation.name", "execute_tool"],
        ["gen_ai.tool.name", `search_${at % 4}`],
        ["gen_ai.tool.call.arguments", JSON.stringify({ query: prompt.slice(0, 60), limit: 5 })],
        ["gen_ai.tool.call.result", JSON.stringify({ hits: at % 7 })],
      ],
    },
    chat(second, input, "Here is what I found about it."),
    {
      traceId,
      spanId: agent,
      parentSpanId: "",
      name: "invoke_agent",
      attributes: [
        ["gen_ai.operation.name", "invoke_agent"],
        ["gen_ai.input.messages", input],
      ],
    },
  ];
}

/** An export of spans that ended now, in JSON. */
export function jsonExport(spans: readonly BenchSpan[], now: Date): Buffer {
  const value = (of: string | number) => (typeof of === "string" ? { stringValue: of } : { intValue: of });
  const sent = spans.map(({ attributes, ...span }) => ({
    ...span,
    endTimeUnixNano: `${now.getTime()}000000`,
    attributes: attributes.map(([key, of]) => ({ key, value: value(of) })),
  }));
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: sent }] }] }));
}

/** The same in protobuf. */
export function protobufExport(spans: readonly BenchSpan[], now: Date): Buffer {
  const ended = Buffer.alloc(9, 8 * 8 + 1);
  ended.writeBigUInt64LE(BigInt(now.getTime()) * 1_000_000n, 1);
  const value = (of: string | number) => (typeof of === "string" ? field(1, of) : field(3, of));
  const sent = spans.map(({ traceId, spanId, parentSpanId, name, attributes }) =>
    Buffer.concat([
      field(1, Buffer.from(traceId, "hex")),
      field(2, Buffer.from(spanId, "hex")),
      field(4, Buffer.from(parentSpanId, "hex")),
      field(5, name),
      ended,
      ...attributes.map(([key, of]) => field(9, Buffer.concat([field(1, key), field(2, value(of))]))),
    ]),
  );
  return field(1, field(2, Buffer.concat(sent.map((span) => field(2, span)))));
}
