import { isCustomControl } from "@/lib/policy/catalogue";
import type { ControlBinding, PolicyDocument } from "@/lib/policy/document";

/** The slug of a name: “No legal advice” → `no-legal-advice`. */
export function customSlug(name: string): string {
  return name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
}

/** What keeps a new control from having this name; null when nothing does. */
export function nameProblem(document: PolicyDocument, name: string): string | null {
  const id = `custom/${customSlug(name)}`;
  if (!isCustomControl(id)) return "Write a name with at least one letter or digit.";
  return Object.hasOwn(document.controls, id) ? `There is a control ${id} already.` : null;
}

/**
 * Binds a custom control, without the parts that are empty. Phrases and patterns need a sensitivity, so it gets L2
 * with the first of them; and loses it with the last, unless a sensitivity is asked for by itself.
 */
export function withCustom(document: PolicyDocument, id: string, binding: ControlBinding): PolicyDocument {
  const { mode, when, phrases = [], patterns = [] } = binding;
  const content = phrases.length + patterns.length > 0;
  const sensitivity = binding.sensitivity ?? (content ? ("L2" as const) : undefined);
  const kept: ControlBinding = {
    mode: mode === "redact" && !content ? "log" : mode,
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(when === undefined || when === "" ? {} : { when }),
    ...(phrases.length > 0 ? { phrases } : {}),
    ...(patterns.length > 0 ? { patterns } : {}),
  };
  return { ...document, controls: { ...document.controls, [id]: kept } };
}

/** The document without a custom control, which is then enrolled no more. */
export function withoutCustom(document: PolicyDocument, id: string): PolicyDocument {
  const { [id]: _removed, ...controls } = document.controls;
  const enrolled = document.limited.controls.filter((other) => other !== id);
  return { ...document, controls, limited: { ...document.limited, controls: enrolled } };
}

/** Line and column, from 1, of an offset in a text. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** A text with another one put in place of a selection; a space parts it from a word on either side. */
export function inserted(
  text: string,
  start: number,
  end: number,
  piece: string,
): { text: string; caret: number } {
  const lead = start > 0 && !/[\s([!]$/.test(text.slice(0, start)) ? " " : "";
  const trail = end < text.length && !/^[\s)\]]/.test(text.slice(end)) ? " " : "";
  const put = `${lead}${piece}${trail}`;
  return { text: text.slice(0, start) + put + text.slice(end), caret: start + put.length - trail.length };
}

/** What Enter puts in: a line break and the indentation of the line. */
export function newLine(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return `\n${/^[ \t]*/.exec(line)?.[0] ?? ""}`;
}
