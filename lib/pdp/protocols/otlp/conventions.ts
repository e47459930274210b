import { nameOf } from "../understand";
import { flatMessages, type Message, messagesIn, parsed } from "./conversation";
import type { Attributes, Span, Value } from "./wire";

/**
 * How instrumentations tell of the same things, by their names and their years: the GenAI conventions of OpenTelemetry
 * (`gen_ai.*`, with `gen_ai.system` before `gen_ai.provider.name`), OpenInference (`llm.*`), the AI SDK (`ai.*`),
 * Traceloop (`traceloop.*`, `gen_ai.prompt.N`) and Langfuse (`langfuse.*`).
 */
const INFERENCE = new Set([
  "chat",
  "text_completion",
  "generate_content",
  "embeddings",
  "completion",
  "embedding",
]);
const KINDS: ReadonlyMap<Value, "inference" | "tool"> = new Map([
  ["LLM", "inference"],
  ["EMBEDDING", "inference"],
  ["TOOL", "tool"],
  ["generation", "inference"],
  ["embedding", "inference"],
  ["tool", "tool"],
]);

/**
 * What a span is: a call of a model, the execution of a tool, or neither. Spans above repeat what the calls below them
 * used and said, so nothing else counts.
 */
export function kindOf({ attributes }: Span): "inference" | "tool" | null {
  if (attributes === undefined) return null;
  const operation = attributes.get("gen_ai.operation.name");
  if (operation === "execute_tool") return "tool";
  if (typeof operation === "string") return INFERENCE.has(operation) ? "inference" : null;
  const sdk = attributes.get("ai.operationId");
  if (typeof sdk === "string") {
    return /^ai\.\w+\.do[A-Z]/.test(sdk) ? "inference" : sdk === "ai.toolCall" ? "tool" : null;
  }
  const kind = attributes.get("openinference.span.kind") ?? attributes.get("langfuse.observation.type");
  if (kind !== undefined) return KINDS.get(kind) ?? null;
  if (attributes.get("traceloop.span.kind") === "tool") return "tool";
  return INFERENCE.has(String(attributes.get("llm.request.type"))) ? "inference" : null;
}

/** The first of the names that is there. */
export function first(attributes: Attributes, names: readonly string[]): Value {
  for (const name of names) {
    const value = attributes.get(name);
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

const MODEL = [
  "gen_ai.request.model",
  "llm.model_name",
  "embedding.model_name",
  "ai.model.id",
  "langfuse.observation.model.name",
  "gen_ai.response.model",
];
const PROVIDER = ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider"];
/** The AI SDK adds to a provider's name which of its interfaces was called. */
const INTERFACE = /\.(?:chat|completions?|responses|messages|embeddings?|text|generative-ai|image)$/;

/** `openai/gpt-4o`, as policies name models; without a provider, the bare name. */
export function modelOf(attributes: Attributes): string | undefined {
  const model = nameOf(first(attributes, MODEL));
  const provider = nameOf(first(attributes, PROVIDER))?.toLowerCase().replace(INTERFACE, "");
  if (model === undefined || provider === undefined || model.startsWith(`${provider}/`)) return model;
  return nameOf(`${provider}/${model}`);
}

const INPUT = [
  "gen_ai.input.messages",
  "ai.prompt.messages",
  "ai.prompt",
  "ai.values",
  "ai.value",
  "langfuse.observation.input",
];
const OUTPUT = ["gen_ai.output.messages", "langfuse.observation.output"];

/** What the model was given, then what it said. */
export function messagesOf(attributes: Attributes): Message[] {
  return [...inputOf(attributes), ...outputOf(attributes)];
}

function inputOf(attributes: Attributes): Message[] {
  const system = messagesIn(attributes.get("gen_ai.system_instructions"), "system");
  const told = messagesIn(first(attributes, INPUT), "user");
  if (system.length + told.length > 0) return [...system, ...told];
  for (const prefix of ["llm.input_messages.", "gen_ai.prompt.", "embedding.embeddings."]) {
    const messages = flatMessages(attributes, prefix, "user");
    if (messages.length > 0) return messages;
  }
  return messagesIn(attributes.get("input.value"), "user");
}

function outputOf(attributes: Attributes): Message[] {
  const told = messagesIn(first(attributes, OUTPUT), "assistant");
  if (told.length > 0) return told;
  const sdk = ["ai.response.text", "ai.response.toolCalls", "ai.response.object"].flatMap((name) =>
    messagesIn(attributes.get(name), "assistant"),
  );
  if (sdk.length > 0) return sdk;
  for (const prefix of ["llm.output_messages.", "gen_ai.completion."]) {
    const messages = flatMessages(attributes, prefix, "assistant");
    if (messages.length > 0) return messages;
  }
  return messagesIn(attributes.get("output.value"), "assistant");
}

/** What of a tool: its name, what it was called with and what it answered. */
export const TOOL = {
  name: ["gen_ai.tool.name", "ai.toolCall.name", "tool.name", "traceloop.entity.name"],
  arguments: [
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "tool.parameters",
    "input.value",
    "traceloop.entity.input",
    "langfuse.observation.input",
  ],
  result: [
    "gen_ai.tool.call.result",
    "ai.toolCall.result",
    "output.value",
    "traceloop.entity.output",
    "langfuse.observation.output",
  ],
} as const;

const ASSOCIATED = ["ai.telemetry.metadata.", "traceloop.association.properties.", "metadata."];
const associated = (...names: string[]) => ASSOCIATED.flatMap((prefix) => names.map((name) => prefix + name));
const ACTOR = [
  "user.id",
  "enduser.id",
  "langfuse.user.id",
  "gen_ai.user.id",
  ...associated("userId", "user_id"),
];
const SESSION = [
  "session.id",
  "gen_ai.conversation.id",
  "langfuse.session.id",
  ...associated("sessionId", "session_id"),
];

/** The person behind a span: as an attribute, or as OpenAI's parameter `user`. */
export function actorOf(attributes: Attributes): string | undefined {
  const told = nameOf(first(attributes, ACTOR), 256);
  if (told !== undefined) return told;
  const parameters = parsed(attributes.get("llm.invocation_parameters"));
  return nameOf((parameters as { user?: unknown } | undefined)?.user, 256);
}

export function sessionOf(attributes: Attributes): string | undefined {
  return nameOf(first(attributes, SESSION));
}

/** Tokens that a call of a model used. */
export interface Tokens {
  input: number;
  output: number;
}

const INPUT_TOKENS = [
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.prompt_tokens",
  "ai.usage.inputTokens",
  "ai.usage.promptTokens",
  "ai.usage.tokens",
  "llm.token_count.prompt",
];
const OUTPUT_TOKENS = [
  "gen_ai.usage.output_tokens",
  "gen_ai.usage.completion_tokens",
  "ai.usage.outputTokens",
  "ai.usage.completionTokens",
  "llm.token_count.completion",
];
/** More than any call uses: a figure beyond is a mistake, and one mistake must not drown a month. */
const MOST_TOKENS = 100_000_000;

/** What a span says that its call used; undefined when it says nothing. */
export function tokensOf(attributes: Attributes): Tokens | undefined {
  const usage = parsed(attributes.get("langfuse.observation.usage_details")) as
    | { input?: Value; output?: Value }
    | undefined;
  const input = countOf(first(attributes, INPUT_TOKENS) ?? usage?.input);
  const output = countOf(first(attributes, OUTPUT_TOKENS) ?? usage?.output);
  return input + output === 0 ? undefined : { input, output };
}

function countOf(value: Value): number {
  const count = Math.round(Number(value ?? 0));
  return count > 0 && count <= MOST_TOKENS ? count : 0;
}
