import fc from "fast-check";
import { expect, it } from "vitest";
import { SluiceError } from "@/lib/errors";
import { parseDecision } from "../request";
import { requestsOf, type Sent } from "./judge-texts";
import { understoodLakera } from "./lakera-request";
import { understoodLitellm } from "./litellm";
import { understoodModeration } from "./openai-moderation";
import { messageOf } from "./places";
import { understoodPortkey } from "./portkey";

type Body = Record<string, unknown>;

const KEYS =
  `request response json text messages input prompt system role content type name arguments input_schema
  tool_calls function choices message output data source title texts structured_messages request_data metadata
  additional_provider_specific_params use_case project_id user_id model provider _user sluice_use_case session_id
  trace_id litellm_call_id id __proto__ constructor toString`.split(/\s+/);

const { node } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      "user",
      "assistant",
      "tool",
      "text",
      '{"a":[1,{"b":"c"}]}',
      "\ud800",
      "",
      "data:a/b;base64,AAAA",
    ),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  ),
  list: fc.array(tie("node"), { maxLength: 4 }),
  bag: fc
    .array(fc.tuple(fc.constantFrom(...KEYS), tie("node")), { maxLength: 6 })
    .map(
      (entries) =>
        JSON.parse(
          `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
        ) as Body,
    ),
  node: fc.oneof({ depthSize: "medium", withCrossShrink: true }, tie("leaf"), tie("list"), tie("bag")),
}));

const DIALECTS: [name: string, read: (node: unknown) => Sent[]][] = [
  [
    "Portkey, before",
    (json) => [
      understoodPortkey({
        eventType: "beforeRequestHook",
        request: { json },
        metadata: json,
        provider: json,
      }),
    ],
  ],
  [
    "Portkey, after",
    (json) => [
      understoodPortkey({ eventType: "afterRequestHook", request: json, response: { json, text: json } }),
    ],
  ],
  [
    "LiteLLM, messages",
    (node) => [
      understoodLitellm({ input_type: "request", structured_messages: node, request_data: node, model: node })
        .sent,
    ],
  ],
  [
    "LiteLLM, calls",
    (node) => [understoodLitellm({ input_type: "response", tool_calls: node, litellm_trace_id: node }).sent],
  ],
  [
    "Lakera",
    (node) => [understoodLakera({ messages: Array.isArray(node) ? node : [node], metadata: node }).sent],
  ],
  ["OpenAI moderation", (input) => understoodModeration({ input })],
];

it.each(DIALECTS)(
  "%s: whatever is sent is refused by name, or is requests that our own door would take",
  (_, read) => {
    fc.assert(
      fc.property(node, (sent) => {
        let requests: unknown[];
        try {
          requests = read(sent).flatMap(requestsOf);
        } catch (error) {
          expect(error).toBeInstanceOf(SluiceError);
          expect((error as SluiceError).code).toBe("invalid");
          return;
        }
        expect(requests.length).toBeGreaterThan(0);
        for (const request of requests) expect(() => parseDecision(request)).not.toThrow();
      }),
      { numRuns: 400 },
    );
  },
);

it("no text of a chat goes unseen, in whatever form its content is", () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const part = fc.oneof(
    word.map((text) => ({ said: [text], part: { type: "text", text } as unknown })),
    word.map((text) => ({
      said: [text],
      part: { type: "tool_result", tool_use_id: "t", content: [{ type: "text", text }] },
    })),
    word.map((text) => ({ said: [text], part: { type: "some_future_part", inner: { value: text } } })),
    fc.constant({ said: [], part: { type: "image_url", image_url: { url: "https://x.example/a.png" } } }),
  );
  const content = fc.oneof(
    word.map((text) => ({ said: [text], content: text as unknown })),
    fc
      .array(part)
      .map((parts) => ({ said: parts.flatMap(({ said }) => said), content: parts.map((one) => one.part) })),
  );
  fc.assert(
    fc.property(fc.array(content), (messages) => {
      const json = { messages: messages.map((message) => ({ role: "user", content: message.content })) };
      const { passages } = understoodPortkey({ eventType: "beforeRequestHook", request: { json } }).texts;
      const seen = passages.map(messageOf).flatMap((message) => message.content.split("\n"));
      expect(seen).toEqual(messages.flatMap(({ said }) => said));
    }),
  );
});
