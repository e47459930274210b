/** The text of a custom control's Cedar condition, as far as it can be judged without the engine. */

/**
 * What the engine is given at most. Its stack ends, with the process, somewhere beyond 100 nested brackets or 500
 * operators in a row (tried with cedar-wasm 4.13), so this is refused before it sees it.
 */
const MAX_DEPTH = 20;
const MAX_OPERATORS = 60;
const MAX_ACCESSES = 120;

interface Token {
  at: number;
  char: string;
  depth: number;
}

/** Walks the text outside string literals. Returns what is wrong with the text, or `null`. */
function walk(text: string, visit: (token: Token) => void): string | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      if (at >= text.length) return "a string is not closed";
      continue;
    }
    if (char === "/" && text[at + 1] === "/") return "comments are not allowed in a condition";
    if (")]}".includes(char) && --depth < 0) return `“${char}” closes nothing`;
    visit({ at, char, depth });
    if ("([{".includes(char) && ++depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH}`;
  }
  return depth > 0 ? "a bracket is not closed" : null;
}

/** What is wrong with the form of a condition (comments, brackets, size), or `null`. The engine judges the rest. */
export function whenProblem(text: string): string | null {
  if (text.trim() === "") return "a condition is needed";
  let outside = "";
  const problem = walk(text, ({ char }) => {
    outside += char;
  });
  if (problem !== null) return problem;
  const count = (what: RegExp) => outside.match(what)?.length ?? 0;
  if (count(/\|\||&&|[-+*]|\bif\b/g) > MAX_OPERATORS) return `more than ${MAX_OPERATORS} operators`;
  return count(/[.[]/g) > MAX_ACCESSES ? `more than ${MAX_ACCESSES} dots and square brackets` : null;
}

function unwrap(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith("(") || !trimmed.endsWith(")")) return trimmed;
  let closedAt = -1;
  walk(trimmed, ({ at, char, depth }) => {
    if (char === ")" && depth === 0 && closedAt < 0) closedAt = at;
  });
  return closedAt === trimmed.length - 1 ? unwrap(trimmed.slice(1, -1)) : trimmed;
}

/**
 * The alternatives of a condition: its parts between `||` at the outermost level, each without outer brackets, each
 * once, sorted. A condition with `if` outside brackets is one part, because `if` binds more loosely than `||`.
 */
export function alternativesOf(when: string): string[] {
  const text = unwrap(when);
  const cuts: number[] = [];
  let outermost = "";
  walk(text, ({ at, char, depth }) => {
    if (depth > 0) return;
    outermost += char;
    if (char === "|" && text[at + 1] === "|") cuts.push(at);
  });
  if (cuts.length === 0 || /\bif\b/.test(outermost)) return [text];
  const starts = [0, ...cuts.map((cut) => cut + 2)];
  const parts = starts.map((start, index) => text.slice(start, cuts[index] ?? text.length));
  return [...new Set(parts.flatMap(alternativesOf))].sort();
}

/** At most so many alternatives in a row, and then groups of them: the engine's stack grows with a row's length. */
const ROW = 16;

/** One condition that holds when any of the alternatives does; `undefined` for none. */
export function anyOf(alternatives: readonly string[]): string | undefined {
  if (alternatives.length <= ROW) return alternatives.join(" || ") || undefined;
  const size = Math.max(ROW, Math.ceil(alternatives.length / ROW));
  const groups: string[] = [];
  for (let start = 0; start < alternatives.length; start += size) {
    groups.push(`(${anyOf(alternatives.slice(start, start + size))})`);
  }
  return anyOf(groups);
}
