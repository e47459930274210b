import type { AnyRequest } from "../../request";
import { roleOf, textOf } from "../understand";
import type { Attributes, Value } from "./wire";

export type Message = NonNullable<AnyRequest["messages"]>[number];
type Bag = Record<string, unknown>;

/** A value that was sent as JSON text, parsed; other text and values as they are. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The messages in what an instrumentation says of a conversation: a list of messages as the OpenTelemetry conventions
 * (`parts`), OpenAI, Anthropic or the AI SDK write them, an object that holds such a list, or plain text; as values or
 * as JSON text. What has no role of its own has `role`.
 */
export function messagesIn(given: unknown, role: Message["role"]): Message[] {
  const value = parsed(given);
  if (Array.isArray(value))
    return value.flatMap((one) => (isBag(one) ? messageIn(one, role) : messagesIn(one, role)));
  if (!isBag(value))
    return value === undefined || value === null || value === "" ? [] : [{ role, content: String(value) }];
  const list = value["messages"] ?? value["input"] ?? value["choices"];
  if (value["role"] === undefined && list !== undefined) {
    return [...messagesIn(value["system"] ?? value["instructions"], "system"), ...messagesIn(list, role)];
  }
  return messageIn(value, role);
}

/** One message; none when it holds no text. A choice holds its message. */
function messageIn(bag: Bag, role: Message["role"]): Message[] {
  if (isBag(bag["message"])) return messageIn(bag["message"], role);
  const { parts, tool_calls: calls, role: own } = bag;
  const isPart = own === undefined && (bag["type"] !== undefined || bag["toolName"] !== undefined);
  const pieces = isPart ? [bag] : [parts ?? bag["content"] ?? bag["text"] ?? bag["refusal"], calls].flat();
  const content =
    pieces.map(pieceText).filter(Boolean).join("\n") ||
    (isPart || own !== undefined ? "" : JSON.stringify(bag));
  return content === "" || content === "{}"
    ? []
    : [
        {
          role: own === undefined ? role : roleOf(NAMED_OTHERWISE.get(String(own).toLowerCase()) ?? own),
          content,
        },
      ];
}

/** What Gemini and LangChain call who speaks. */
const NAMED_OTHERWISE: ReadonlyMap<string, string> = new Map([
  ["model", "assistant"],
  ["ai", "assistant"],
  ["human", "user"],
]);

/** What belongs to a call of a tool or to its result, by any of the names that are in use. */
const CALL = [
  "name",
  "toolName",
  "function",
  "arguments",
  "input",
  "args",
  "response",
  "result",
  "output",
] as const;

/** The text of a part. What a tool is called with and what it answers is JSON; images and the like have none. */
function pieceText(piece: unknown): string {
  if (typeof piece === "string") return piece;
  if (!isBag(piece)) return textOf(piece);
  const text = textOf(piece);
  if (text !== "") return text;
  const call = CALL.flatMap((key) => (piece[key] === undefined ? [] : [[key, piece[key]] as const]));
  return call.length === 0 ? "" : JSON.stringify(Object.fromEntries(call));
}

/** `llm.input_messages.0.message.content` and its like: the index, and what is said of that message. */
const FLAT = /^(\d+)\.(.+)$/;
const TOLD = /(?:^|\.)(?:content|text|name|arguments)$/;

/** Messages that are flattened into attributes under a prefix, as OpenInference and Traceloop write them. */
export function flatMessages(attributes: Attributes, prefix: string, role: Message["role"]): Message[] {
  const messages = new Map<number, { role: Message["role"]; pieces: string[] }>();
  for (const [key, value] of attributes) {
    const flat = key.startsWith(prefix) ? FLAT.exec(key.slice(prefix.length)) : null;
    if (flat === null || value === undefined) continue;
    const [, at, path = ""] = flat;
    const message = messages.get(Number(at)) ?? { role, pieces: [] };
    messages.set(Number(at), message);
    if (/(?:^|\.)role$/.test(path)) message.role = roleOf(value);
    else if (TOLD.test(path)) message.pieces.push(...messagesIn(value, role).map(({ content }) => content));
  }
  return [...messages]
    .sort(([a], [b]) => a - b)
    .map(([, { role: own, pieces }]) => ({ role: own, content: pieces.join("\n") }))
    .filter(({ content }) => content !== "");
}

/** The arguments of a tool as an object; what is none is put under `input`. */
export function argumentsIn(given: Value): Record<string, unknown> | undefined {
  const value = parsed(given);
  if (value === undefined || value === null || value === "") return undefined;
  return isBag(value) ? value : { input: value };
}
