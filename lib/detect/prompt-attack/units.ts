import { UNIT_CHARS } from "./grams";

/** A sentence or line of a reading. `start` and `end` are offsets in the text that is read. */
export interface Unit {
  text: string;
  start: number;
  end: number;
}

/** Marks after which a sentence ends, wherever they stand: those of scripts without spaces, and tags. */
const ALWAYS = "。！？｡؟۔।॥።>|";
/** Marks that end a sentence when a blank or a quote follows. */
const BEFORE_BLANK = ".!?;";
const SHORTEST = 12;
const NEWLINE = 10;
const TAG = 60;
const SPACE = 32;

const ENDS_ALWAYS = 1;
const ENDS_BEFORE_BLANK = 2;
const ENDS_LINE = 3;
/** How a character ends a sentence; 0 for nearly all. */
const ENDING = new Uint8Array(1 << 16);
for (const mark of ALWAYS) ENDING[mark.charCodeAt(0)] = ENDS_ALWAYS;
for (const mark of BEFORE_BLANK) ENDING[mark.charCodeAt(0)] = ENDS_BEFORE_BLANK;
ENDING[NEWLINE] = ENDS_LINE;

/** Cuts a text into sentences and lines of at most `UNIT_CHARS`; those under 12 characters join the next. */
export function cutUnits(text: string): Unit[] {
  const units: Unit[] = [];
  let start = 0;
  let next = text.charCodeAt(0);
  for (let i = 0; i < text.length; i++) {
    const code = next;
    next = text.charCodeAt(i + 1);
    const length = i - start;
    let cut = 0;
    if (length + 1 >= UNIT_CHARS) cut = softCut(text, start, i + 1);
    else if (length >= SHORTEST && (ENDING[code] !== 0 || next === TAG) && endsUnit(text, i, code, next))
      cut = i + 1;
    if (cut === 0) continue;
    add(units, text, start, cut);
    start = cut;
  }
  add(units, text, start, text.length);
  return units;
}

/** Adds what stands there without the blanks around it, if anything does. */
function add(units: Unit[], text: string, start: number, end: number): void {
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) === SPACE) from++;
  while (to > from && text.charCodeAt(to - 1) === SPACE) to--;
  if (from === to) return;
  if (isPrinted(text.charCodeAt(from)) && isPrinted(text.charCodeAt(to - 1))) {
    units.push({ text: text.slice(from, to), start: from, end: to });
    return;
  }
  const slice = text.slice(from, to);
  const trimmed = slice.trim();
  if (trimmed === "") return;
  from += slice.length - slice.trimStart().length;
  units.push({ text: trimmed, start: from, end: from + trimmed.length });
}

/** A character of ASCII that is no blank; of the others `trim` knows. */
function isPrinted(code: number): boolean {
  return code > SPACE && code < 127;
}

function endsUnit(text: string, at: number, code: number, next: number): boolean {
  const ending = ENDING[code];
  if (ending === ENDS_LINE) return !continues(text, at);
  if (next === TAG || ending === ENDS_ALWAYS) return true;
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
