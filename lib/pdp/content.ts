import { hash } from "node:crypto";
import {
  type CompiledCustomDetectors,
  type ContentText,
  type Detection,
  detect,
  excerpt,
  redact,
  type Span,
} from "@/lib/detect/registry";
import type { MaskedSpan } from "@/lib/detect/types";
import type { AnyRequest } from "./request";

/** A string or number inside the arguments of a tool call. */
interface Leaf {
  /** Keys and indexes from `tool.arguments` down. */
  path: string[];
  /** `key: ` before the value, so that a detector sees what the value is called. */
  prefix: number;
}

/** Where something was found: in a message, or in the tool's arguments at a path. UTF-16 offsets. */
export interface AnswerSpan {
  message?: number;
  path?: string;
  start: number;
  end: number;
}

/** The texts of a request and what was found in them. */
export interface Content {
  messages: NonNullable<AnyRequest["messages"]>;
  tool: AnyRequest["tool"];
  texts: ContentText[];
  leaves: Leaf[];
  detection: Detection;
}

/** The request's content with what an outcome of `redact` masks. */
export interface Redacted {
  messages: NonNullable<AnyRequest["messages"]>;
  tool?: { name: string; arguments: unknown };
}

/** What is left to be read in an excerpt: a mask would hide nothing that must not be seen. */
const SHOWN = new Set(["unknown-links", "prompt-attack"]);
/** Characters of a name that are put before its value. */
const NAME_CHARS = 64;
/** A name that can hold nothing worth finding; other names are looked through as content is. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z_-]{0,23}\d{0,3}$/;
const NOTHING: Detection = { signals: {}, links: {}, spans: [] };
const NONE: Content = { messages: [], tool: undefined, texts: [], leaves: [], detection: NOTHING };

/** Reads every text of a request: its messages, then each value in the tool's arguments. */
export function readContent(request: AnyRequest, custom: CompiledCustomDetectors): Content {
  const { messages = [], tool } = request;
  if (messages.length === 0 && tool?.arguments === undefined) return NONE;
  const toolSpeaks = messages.some(({ role }) => role === "tool" || role === "function");
  const texts = messages.map(
    ({ role, content }): ContentText => ({
      text: content,
      channel: channelOf(role, request.action, toolSpeaks),
    }),
  );
  const leaves: Leaf[] = [];
  const names = new Set<string>();
  visit(tool?.arguments, [], names, (path, value) => {
    const name = path.findLast((key) => !/^\d+$/.test(key))?.slice(-NAME_CHARS) ?? "";
    leaves.push({ path, prefix: name.length + 2 });
    texts.push({ text: `${name}: ${value}`, channel: "brought" });
  });
  const odd = [...names].filter((name) => !PLAIN_NAME.test(name));
  if (odd.length > 0) {
    leaves.push({ path: [], prefix: 0 });
    texts.push({ text: odd.join("\n"), channel: "brought" });
  }
  return { messages, tool, texts, leaves, detection: detect(texts, custom) };
}

type Role = NonNullable<AnyRequest["messages"]>[number]["role"];

/**
 * How a message came. What a tool or a retrieval returned was brought, whatever role the caller gives it; but where a
 * message says that it is the tool's, the others are what their roles say.
 */
function channelOf(role: Role, action: AnyRequest["action"], toolSpeaks: boolean): ContentText["channel"] {
  if (role === "system" || role === "developer") return "trusted";
  if (role === "tool" || role === "function") return "brought";
  if ((action === "tool_result" || action === "retrieval") && !toolSpeaks) return "brought";
  return role === "user" ? "prompt" : "trusted";
}

/** SHA-256 (hex) of the content in a form that does not depend on the order of keys; null when there is none. */
export function contentDigest({ messages, tool }: Content): string | null {
  if (messages.length === 0 && tool?.arguments === undefined) return null;
  return stableDigest({ messages, arguments: tool?.arguments ?? null });
}

/** SHA-256 (hex) of `stableJson`. */
export function stableDigest(value: unknown): string {
  return hash("sha256", stableJson(value), "hex");
}

/** JSON of a value with its keys sorted. Takes broken surrogates too, which RFC 8785 refuses. */
export function stableJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** A copy is written far faster than a replacer is called for each value. */
function sorted(node: unknown): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map(sorted);
  if ("toJSON" in node && typeof node.toJSON === "function") return sorted(node.toJSON());
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(node).sort()) copy[key] = sorted((node as Record<string, unknown>)[key]);
  return copy;
}

/**
 * At most `max` characters with everything found masked (links and attacks are left to be read): of the text in which something was
 * found first, else of the last message; of a tool call, its arguments as JSON.
 */
export function contentExcerpt(content: Content, max: number): string | null {
  const { messages, detection } = content;
  const found = detection.spans.filter(({ detector }) => !SHOWN.has(detector));
  const at = found[0]?.message ?? messages.length - 1;
  const message = messages[at];
  if (message !== undefined) {
    const inMessage = found.filter((span) => span.message === at);
    return storable(excerpt(message.content, inMessage, max));
  }
  return argumentsExcerpt(content, max);
}

/** At most `max` characters of the tool's arguments as JSON, with everything found in them masked; null without any. */
export function argumentsExcerpt(content: Content, max: number): string | null {
  if (content.tool?.arguments === undefined) return null;
  const found = content.detection.spans.filter(({ detector }) => !SHOWN.has(detector));
  const masked = redactContent(
    content,
    found.map((span) => ({ control: span.detector, spans: [placeOf(content, span)] })),
  );
  return storable(excerpt(JSON.stringify(masked.tool?.arguments), [], max));
}

/** What PostgreSQL can hold as text. */
function storable(text: string): string {
  return text.replaceAll("\u0000", "\ufffd").toWellFormed();
}

/** Where something of which `counts` is true was found, for the caller to see. */
export function answerSpans(content: Content, counts: (span: Span) => boolean): AnswerSpan[] {
  return content.detection.spans.filter(counts).map((span) => placeOf(content, span));
}

/** What was found in the name of a value, or across both, is said of the value. */
function placeOf({ messages, texts, leaves }: Content, { message, start, end }: Span): AnswerSpan {
  const leaf = leaves[message - messages.length];
  if (leaf === undefined) return { message, start, end };
  const { prefix } = leaf;
  const path = ["tool", "arguments", ...leaf.path].join(".");
  const whole = end <= prefix ? (texts[message]?.text.length ?? 0) : end;
  return { path, start: Math.max(0, start - prefix), end: whole - prefix };
}

/**
 * The content with each of the named spans replaced by the name of the control that found it. What was found without a
 * place (a caller's signal says none) may stand anywhere, so its name replaces every text and all of the arguments.
 */
export function redactContent(
  { messages, tool }: Pick<Content, "messages" | "tool">,
  found: readonly { control: string; spans?: AnswerSpan[] }[],
): Redacted {
  const anywhere = found.filter(({ spans = [] }) => spans.length === 0).map(({ control }) => `[${control}]`);
  if (anywhere.length > 0) {
    const mask = anywhere.join(" ");
    return {
      messages: messages.map(({ role }) => ({ role, content: mask })),
      ...(tool?.arguments !== undefined && { tool: { name: tool.name, arguments: mask } }),
    };
  }
  const byPlace = new Map<string | number, MaskedSpan[]>();
  for (const { control, spans = [] } of found) {
    for (const { message, path, start, end } of spans) {
      const place = message ?? path ?? "";
      const known = byPlace.get(place);
      if (known === undefined) byPlace.set(place, [{ detector: control, start, end }]);
      else known.push({ detector: control, start, end });
    }
  }
  const masked = messages.map(({ role, content }, at) => ({
    role,
    content: redact(content, byPlace.get(at) ?? []),
  }));
  if (tool?.arguments === undefined) return { messages: masked };
  return {
    messages: masked,
    tool: { name: tool.name, arguments: replaced(tool.arguments, "tool.arguments", byPlace) },
  };
}

function visit(
  node: unknown,
  path: string[],
  names: Set<string>,
  take: (path: string[], value: string) => void,
): void {
  if (typeof node === "string") take(path, node);
  else if (typeof node === "number") take(path, String(node));
  else if (typeof node === "object" && node !== null) {
    const isList = Array.isArray(node);
    for (const [key, child] of Object.entries(node)) {
      if (!isList) names.add(key);
      visit(child, [...path, key], names, take);
    }
  }
}

/** Where something was found in the names of values, the place is the whole of the arguments, and so is the mask. */
function replaced(node: unknown, path: string, spans: ReadonlyMap<string | number, MaskedSpan[]>): unknown {
  const found = spans.get(path);
  if (typeof node !== "object" || node === null) {
    return found === undefined ? node : redact(String(node), found);
  }
  if (found !== undefined) return found.map(({ detector }) => `[${detector}]`).join(" ");
  if (Array.isArray(node)) return node.map((child, at) => replaced(child, `${path}.${at}`, spans));
  return Object.fromEntries(
    Object.entries(node).map(([key, child]) => [key, replaced(child, `${path}.${key}`, spans)]),
  );
}
