import { boundedMessages, nameOf } from "../understand";
import { actorOf, first, kindOf, messagesOf, modelOf, sessionOf, TOOL, tokensOf } from "./conventions";
import { argumentsIn, messagesIn } from "./conversation";
import { isoOf, serviceOf, statedOf, type Told } from "./told";
import { messagesOfEvent } from "./understand-log";
import type { Attributes, Sent, Span } from "./wire";

/**
 * What the spans of an export tell of: each call of a model and each execution of a tool, once. A call right below
 * another of the same export is the same call, seen by two instrumentations.
 */
export function understandSpans(sent: readonly Sent<Span>[]): Told[] {
  const counted = sent.flatMap(({ item, resource }) => {
    const kind = kindOf(item);
    return kind === null ? [] : [{ item, resource, kind }];
  });
  const calls = new Set(
    counted.flatMap(({ item, kind }) => (kind === "inference" ? (idOf(item) ?? []) : [])),
  );
  return counted.flatMap(({ item, resource, kind }) => {
    if (kind === "tool") return [toldOfTool(item, resource)];
    const above = idOf({ ...item, spanId: item.parentSpanId ?? "" });
    return above !== null && calls.has(above) ? [] : [toldOfCall(item, resource)];
  });
}

function idOf({ traceId = "", spanId = "" }: Pick<Span, "traceId" | "spanId">): string | null {
  return traceId === "" || spanId === "" ? null : `${traceId}/${spanId}`;
}

function toldOfCall(span: Span, resource: Attributes): Told {
  const attributes = span.attributes ?? new Map();
  const own = messagesOf(attributes);
  const messages =
    own.length > 0
      ? own
      : (span.events ?? []).flatMap(({ name, attributes: of }) => messagesOfEvent(name, of, undefined));
  const model = modelOf(attributes);
  const tokens = tokensOf(attributes);
  return {
    body: {
      action: "prompt",
      ...common(span, attributes, resource),
      ...(model !== undefined && { model }),
      ...(messages.length > 0 && { messages: boundedMessages(messages) }),
    },
    key: keyOf(span),
    ...serviceOf(resource),
    ...(tokens !== undefined && { tokens }),
  };
}

function toldOfTool(span: Span, resource: Attributes): Told {
  const attributes = span.attributes ?? new Map();
  const given = argumentsIn(first(attributes, TOOL.arguments));
  const result = first(attributes, TOOL.result);
  const text = result === undefined || typeof result === "string" ? (result ?? "") : JSON.stringify(result);
  return {
    body: {
      action: "tool_call",
      ...common(span, attributes, resource),
      tool: {
        name: nameOf(first(attributes, TOOL.name)) ?? nameOf(span.name) ?? "unknown",
        ...(given !== undefined && { arguments: given }),
      },
      ...(text !== "" && { messages: messagesIn([text], "tool") }),
    },
    key: keyOf(span),
    ...serviceOf(resource),
  };
}

/** What any observation of telemetry states besides what happened. */
function common(span: Span, attributes: Attributes, resource: Attributes): Record<string, unknown> {
  const actor = actorOf(attributes);
  const session = sessionOf(attributes);
  return {
    ...statedOf(attributes, resource),
    observedAt: isoOf(span.endTimeUnixNano),
    ...(actor !== undefined && { actor: { id: actor } }),
    ...(session !== undefined && { sessionId: session }),
    ...(span.traceId && { traceId: span.traceId }),
  };
}

function keyOf(span: Span): string | null {
  const id = idOf(span);
  return id === null ? null : `otlp/${id}`;
}
