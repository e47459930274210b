import { RE2JS, RE2JSException } from "re2js";
import type { ScanDetector } from "@/lib/detect/scan";
import type { Hit } from "@/lib/detect/types";
import { type FieldError, SluiceError } from "@/lib/errors";

/** What a detector needs of a control in a policy document. */
interface CustomControl {
  mode?: string;
  phrases?: readonly string[] | undefined;
  patterns?: readonly string[] | undefined;
}

/** The detectors of an organisation's own, compiled once per policy document. */
export interface CompiledCustomDetectors {
  readonly ids: readonly string[];
  readonly detectors: readonly ScanDetector[];
}

/** Each is looked for anew, so that more would not be linear: from the next on, all that follows is one. */
const MAX_HITS_PER_PATTERN = 200;
const JOINER = "[^\\p{L}\\p{M}\\p{N}]{1,3}";

/**
 * Compiles the phrases and patterns of every `custom/<slug>` that is not off. Patterns are RE2 syntax, matched
 * without regard to case, in time linear in the text.
 * - L1: a pattern matches, or a phrase stands as whole words.
 * - L2: a phrase with other signs between its words ("legal-advice").
 * - L3 (and L4): a phrase inside longer words ("illegal advices").
 *
 * @throws SluiceError `invalid` with the path of every phrase or pattern that cannot be looked for.
 */
export function compileCustomDetectors(
  controls: Readonly<Record<string, CustomControl>>,
): CompiledCustomDetectors {
  const ids = Object.keys(controls)
    .filter((id) => id.startsWith("custom/") && controls[id]?.mode !== "off")
    .toSorted();
  const errors: FieldError[] = [];
  const compiled = ids.map((id) => ({ id, parts: compileControl(id, controls[id] ?? {}, errors) }));
  if (errors.length > 0)
    throw new SluiceError("invalid", "A custom control cannot be compiled.", { fields: errors });
  const looking = compiled.filter(({ parts }) => parts.length > 0);
  return {
    ids: looking.map(({ id }) => id),
    detectors: looking.map(({ parts }) => (scan, hits) => {
      for (const part of parts) part(scan, hits);
    }),
  };
}

function compileControl(
  id: string,
  { phrases, patterns }: CustomControl,
  errors: FieldError[],
): ScanDetector[] {
  const path = `controls.${id}`;
  const detectors: ScanDetector[] = [];
  for (const [index, phrase] of (phrases ?? []).entries()) {
    if (phrase.trim() === "")
      errors.push({ path: `${path}.phrases.${index}`, message: "Write a phrase to look for." });
    else detectors.push(phraseDetector(id, phrase));
  }
  for (const [index, pattern] of (patterns ?? []).entries()) {
    const compiled = compilePattern(pattern);
    if (typeof compiled === "string") errors.push({ path: `${path}.patterns.${index}`, message: compiled });
    else detectors.push(patternDetector(id, compiled));
  }
  return detectors;
}

function compilePattern(pattern: string): RE2JS | string {
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    return compiled.matches("") || compiled.test("")
      ? "This pattern also matches nothing at all; make it match something."
      : compiled;
  } catch (error) {
    if (error instanceof RE2JSException) return `Not a pattern of RE2 syntax: ${error.message}`;
    throw error;
  }
}

function patternDetector(detector: string, pattern: RE2JS): ScanDetector {
  return ({ text }, hits) => {
    if (!pattern.test(text)) return;
    const matcher = pattern.matcher(text);
    for (let n = 0; n <= MAX_HITS_PER_PATTERN && matcher.find(); n++) {
      const [start, end] = [matcher.start(), n < MAX_HITS_PER_PATTERN ? matcher.end() : text.length];
      if (end > start) hits.push({ detector, level: 1, start, end });
    }
  };
}

/** Words of a phrase joined by one to three signs. Words hold no joiner at their ends, so nothing backtracks. */
function phraseDetector(detector: string, phrase: string): ScanDetector {
  const words = phrase.trim().split(/\s+/).map(escapeForRegExp);
  const joiner = words.every((word) => /^[\p{L}\p{N}]/u.test(word) && /[\p{L}\p{N}]$/u.test(word))
    ? JOINER
    : "\\s{1,3}";
  const pattern = new RegExp(words.join(joiner), "giu");
  return ({ text }, hits) => {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      hits.push({ detector, level: phraseLevel(text, match[0], start, end), start, end });
    }
  };
}

function phraseLevel(text: string, found: string, start: number, end: number): Hit["level"] {
  const before = text.slice(Math.max(0, start - 2), start);
  const inWord = /[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(text.slice(end, end + 2));
  if (inWord) return 3;
  return /^[\s\p{L}\p{M}\p{N}]*$/u.test(found) ||
    !/[\p{L}\p{N}][^\s\p{L}\p{M}\p{N}]+[\p{L}\p{N}]/u.test(found)
    ? 1
    : 2;
}

function escapeForRegExp(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
