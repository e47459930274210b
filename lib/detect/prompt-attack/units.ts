import { UNIT_CHARS } from "./grams";

/** A sentence or line of a reading. `start` and `end` are offsets in the text that is read. */
export interface Unit {
  text: string;
  start: number;
  end: number;
}

/** Marks after which a sentence ends, wherever they stand: those of scripts without spaces, and tags. */
const ALWAYS = new Set([..."。！？｡؟۔।॥።>|"].map((c) => c.charCodeAt(0)));
/** Marks that end a sentence when a blank or a quote follows. */
const BEFORE_BLANK = new Set([...".!?;"].map((c) => c.charCodeAt(0)));
const SHORTEST = 12;
const NEWLINE = 10;
const TAG = 60;

/** Cuts a text into sentences and lines of at most `UNIT_CHARS`; those under 12 characters join the next. */
export function cutUnits(text: string): Unit[] {
  const units: Unit[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const length = i - start;
    const cut =
      length + 1 >= UNIT_CHARS
        ? softCut(text, start, i + 1)
        : endsUnit(text, i) && length >= SHORTEST
          ? i + 1
          : 0;
    if (cut === 0) continue;
    add(units, text, start, cut);
    start = cut;
  }
  add(units, text, start, text.length);
  return units;
}

function add(units: Unit[], text: string, start: number, end: number): void {
  const slice = text.slice(start, end);
  const trimmed = slice.trim();
  if (trimmed === "") return;
  const from = start + slice.length - slice.trimStart().length;
  units.push({ text: trimmed, start: from, end: from + trimmed.length });
}

function endsUnit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === NEWLINE) return !continues(text, at);
  if (text.charCodeAt(at + 1) === TAG) return true;
  if (ALWAYS.has(code)) return true;
  if (!BEFORE_BLANK.has(code)) return false;
  const next = text.charCodeAt(at + 1);
  return next <= 32 || next === 34 || next === 39 || next === 92 || (next >= 65 && next <= 90);
}

/** Is the line broken inside a sentence? So it seems when the next goes on in a small letter. */
function continues(text: string, at: number): boolean {
  const limit = Math.min(text.length, at + 40);
  let next = at + 1;
  while (next < limit && text.charCodeAt(next) === 32) next++;
  const code = text.charCodeAt(next);
  if (code < 97 || code > 122) return false;
  const before = text.charCodeAt(at - 1);
  return (before >= 97 && before <= 122) || before === 44;
}

/** Before `end`, at the last blank of the last 40 characters if there is one. */
function softCut(text: string, start: number, end: number): number {
  for (let at = end; at > Math.max(start, end - 40); at--) if (text.charCodeAt(at - 1) <= 32) return at;
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}
