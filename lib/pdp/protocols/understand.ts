import { type AnyRequest, LIMITS } from "../request";

type Message = NonNullable<AnyRequest["messages"]>[number];

/** Deeper than any client nests the parts of a message; a body may be far deeper than the stack. */
const MAX_DEPTH = 8;
const ROLES = new Set<string>(["system", "developer", "user", "assistant", "tool", "function"]);

/**
 * A name that a foreign client sent, fit for a request: control characters and broken surrogates are taken out, and it
 * is cut to `max` characters. A cut name matches nothing that is approved. Undefined for what is no text or empty.
 */
export function nameOf(value: unknown, max = 200): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const name = String(value)
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .slice(0, max)
    .toWellFormed();
  return name === "" ? undefined : name;
}

/** A role that a request knows; a foreign one counts as the user's, who is trusted least. */
export function roleOf(value: unknown): Message["role"] {
  return typeof value === "string" && ROLES.has(value) ? (value as Message["role"]) : "user";
}

/**
 * The texts in a message's content as chat protocols write it: a string, or parts such as `{ type: "text", text }`,
 * `{ input_text }`, `{ content }`. Parts that hold no text (images, audio) are left out.
 */
export function textOf(content: unknown, depth = 0): string {
  if (typeof content === "string") return content;
  if (depth > MAX_DEPTH) return "";
  const within = (part: unknown) => textOf(part, depth + 1);
  if (Array.isArray(content)) {
    return content
      .map(within)
      .filter((text) => text !== "")
      .join("\n");
  }
  if (typeof content !== "object" || content === null) return "";
  const { text, content: inner, input_text: input } = content as Record<string, unknown>;
  return [text, inner, input].map((part) => (part === undefined ? "" : within(part))).find(Boolean) ?? "";
}

/** At most as many messages as a request may have: the oldest are put together, so that none goes unseen. */
export function boundedMessages(messages: readonly Message[]): Message[] {
  const surplus = messages.length - LIMITS.messages;
  if (surplus <= 0) return [...messages];
  const oldest = messages.slice(0, surplus + 1);
  const content = oldest.map((message) => message.content).join("\n");
  return [{ role: "user", content }, ...messages.slice(surplus + 1)];
}
