import { hash } from "node:crypto";
import { boundedMessages, nameOf } from "../understand";
import { actorOf, messagesOf, modelOf, sessionOf } from "./conventions";
import { type Message, messagesIn } from "./conversation";
import { isoOf, serviceOf, statedOf, type Told } from "./told";
import type { Attributes, LogRecord, Sent, Value } from "./wire";

const NONE: Attributes = new Map();

/** Log events that tell messages of a call, and whose the messages are. */
const EVENTS: ReadonlyMap<string, Message["role"]> = new Map([
  ["gen_ai.system.message", "system"],
  ["gen_ai.user.message", "user"],
  ["gen_ai.assistant.message", "assistant"],
  ["gen_ai.tool.message", "tool"],
  ["gen_ai.choice", "assistant"],
  ["gen_ai.content.prompt", "user"],
  ["gen_ai.content.completion", "assistant"],
]);

/** The messages of one event, as a log record (in its body) or as an event of a span (in its attributes). */
export function messagesOfEvent(
  name: string | undefined,
  attributes: Attributes = NONE,
  body: Value,
): Message[] {
  if (name === undefined || !name.startsWith("gen_ai.")) return [];
  const role = EVENTS.get(name);
  if (role === undefined) return messagesOf(attributes);
  const told =
    body ??
    attributes.get("content") ??
    attributes.get("gen_ai.prompt") ??
    attributes.get("gen_ai.completion");
  return messagesIn(told, role).map((message) => ({ ...message, role }));
}

/**
 * What the log records of an export tell of: the messages of each call, put together by trace and span. The call itself
 * is counted by its span, so they are recorded only if something is found in them; without a span, they are the call.
 */
export function understandLogs(sent: readonly Sent<LogRecord>[]): Told[] {
  const calls = new Map<string, Sent<LogRecord>[]>();
  for (const one of sent) {
    const { item } = one;
    const name = item.eventName ?? nameOf(item.attributes?.get("event.name"));
    if (messagesOfEvent(name, item.attributes, item.body).length === 0) continue;
    const id = item.traceId && item.spanId ? `${item.traceId}/${item.spanId}` : `${calls.size}`;
    calls.set(id, [...(calls.get(id) ?? []), one]);
  }
  return [...calls.values()].map(toldOf);
}

function toldOf(records: readonly Sent<LogRecord>[]): Told {
  const ordered = [...records].sort((a, b) => timeOf(a.item) - timeOf(b.item));
  const messages = ordered.flatMap(({ item }) =>
    messagesOfEvent(item.eventName ?? nameOf(item.attributes?.get("event.name")), item.attributes, item.body),
  );
  const attributes: Attributes = new Map(ordered.flatMap(({ item }) => [...(item.attributes ?? NONE)]));
  const { item, resource } = ordered.at(-1) as Sent<LogRecord>;
  const { traceId, spanId } = item;
  const isOfSpan = Boolean(traceId && spanId);
  const [model, actor, session] = [modelOf(attributes), actorOf(attributes), sessionOf(attributes)];
  const body = {
    action: messages.every(({ role }) => role === "assistant") ? "completion" : "prompt",
    ...statedOf(attributes, resource),
    observedAt: isoOf(timeOf(item)),
    ...(model !== undefined && { model }),
    ...(actor !== undefined && { actor: { id: actor } }),
    ...(session !== undefined && { sessionId: session }),
    ...(traceId && { traceId }),
    messages: boundedMessages(messages),
  };
  const digest = hash("sha256", JSON.stringify(body), "hex").slice(0, 32);
  return {
    body,
    key: `otlp/${isOfSpan ? `${traceId}/${spanId}` : "log"}/${digest}`,
    onlyIfFound: isOfSpan,
    ...serviceOf(resource),
  };
}

function timeOf({ timeUnixNano = 0, observedTimeUnixNano = 0 }: LogRecord): number {
  return timeUnixNano > 0 ? timeUnixNano : observedTimeUnixNano;
}
