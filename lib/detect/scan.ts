import type { Hit } from "@/lib/detect/types";

/**
 * A text as detectors read it, and where it is worth looking. One pass over the characters finds the places,
 * so that a text without digits, signs or long words costs no more than that pass.
 * All lists hold ascending offsets.
 */
export interface Scan {
  text: string;
  /** Where runs of digits begin. */
  digits: number[];
  /** Every `@`. */
  ats: number[];
  /** Dots between a letter or digit and a letter: perhaps a host name. */
  dots: number[];
  /** Colons that may end the scheme of a link. */
  colons: number[];
  /** `=` and `:`: perhaps a name and its value. */
  assigns: number[];
  /** Pairs [start, end) of words of at least `LONG_WORD` characters out of letters, digits and `_-.~+/`. */
  words: number[];
}

/** Looks for one kind of thing in a scanned text and adds what it finds. */
export type ScanDetector = (scan: Scan, hits: Hit[]) => void;

export const LONG_WORD = 16;

const DIGIT = 1;
const LETTER = 2;
const WORD = 4;
const SIGN = 8;

const CLASS = new Uint8Array(128);
for (let c = 48; c <= 57; c++) CLASS[c] = DIGIT | WORD;
for (let c = 65; c <= 90; c++) CLASS[c] = CLASS[c + 32] = LETTER | WORD;
for (const c of "_-~+/") CLASS[c.charCodeAt(0)] = WORD;
CLASS[46] = WORD | SIGN;
for (const c of "@:=") CLASS[c.charCodeAt(0)] = SIGN;

function classOf(code: number): number {
  return code < 128 ? (CLASS[code] ?? 0) : code >= 128 ? LETTER : 0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** ASCII letter or digit, or anything beyond ASCII. False for NaN, that is outside the text. */
export function isWordCode(code: number): boolean {
  return (classOf(code) & (DIGIT | LETTER)) !== 0;
}

/** The one pass. `text` is a plain text (`toPlain`). */
export function scanText(text: string): Scan {
  const scan: Scan = { text, digits: [], ats: [], dots: [], colons: [], assigns: [], words: [] };
  let before = 0;
  let wordStart = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? (CLASS[code] as number) : LETTER;
    if (kind & DIGIT && !(before & DIGIT)) scan.digits.push(i);
    if (kind & WORD) {
      if (wordStart < 0) wordStart = i;
    } else if (wordStart >= 0) {
      if (i - wordStart >= LONG_WORD) scan.words.push(wordStart, i);
      wordStart = -1;
    }
    if (kind & SIGN) noteSign(scan, i, code, before);
    before = kind;
  }
  if (wordStart >= 0 && text.length - wordStart >= LONG_WORD) scan.words.push(wordStart, text.length);
  return scan;
}

function noteSign(scan: Scan, at: number, code: number, before: number): void {
  const { text } = scan;
  if (code === 64) scan.ats.push(at);
  else if (code === 61) scan.assigns.push(at);
  else if (code === 46) {
    if (before & (DIGIT | LETTER) && classOf(text.charCodeAt(at + 1)) & LETTER) scan.dots.push(at);
  } else {
    scan.assigns.push(at);
    if (before & LETTER && at + 1 < text.length && text.charCodeAt(at + 1) > 32) scan.colons.push(at);
  }
}

/** Of overlapping hits keeps the surest, then the longest. Sorts by start. */
export function keepSurest(hits: readonly Hit[]): Hit[] {
  const kept: Hit[] = [];
  for (const hit of hits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || hit.start >= last.end) kept.push(hit);
    else if (hit.level < last.level) kept[kept.length - 1] = hit;
  }
  return kept;
}
