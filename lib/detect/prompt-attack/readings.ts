import { cutUnits, type Unit } from "./units";

/** One way to read a text or a part of it: as it stands, or decoded. The units point into the text as it stands. */
export type Reading = Unit[];

const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const HEX = /(?:[0-9a-fA-F]{2}[ :]?){16,}/g;
const BINARY = /(?:[01]{8} ?){12,}/g;
/** Characters of `BASE64`; those of `HEX`, of which `BINARY` has fewer; and the length of the shortest of each. */
const IN_BASE64 = 1;
const SHORTEST_BASE64 = 24;
const IN_DIGITS = 2;
const SHORTEST_DIGITS = 32;
const CLASS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return (
    (/[A-Za-z0-9+/_-]/.test(character) ? IN_BASE64 : 0) | (/[0-9a-fA-F :]/.test(character) ? IN_DIGITS : 0)
  );
});
const LEET: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  $: "s",
};
const LEET_WORD = /[a-z][013457$]+[a-z]/i;
/** Three letters set apart, of which `SPELLED` has six: worth a closer look. */
const MAYBE_SPELLED = /[a-z][ .*_-][a-z][ .*_-][a-z][ .*_-]/i;
const SPELLED = /(?:\b[a-z][ .*_-]){5,}[a-z]\b/gi;

/** Every way to read a text. Work and length are linear: each character is decoded at most once per code. */
export function readingsOf(text: string): Reading[] {
  const plain = cutUnits(text);
  const others = [...decodedReadings(text), ...respelledReadings(text, plain)];
  return [plain, ...others];
}

function decodedReadings(text: string): Reading[] {
  const found: Reading[] = [];
  if (hasRun(text, IN_DIGITS, SHORTEST_DIGITS)) {
    for (const match of text.matchAll(BINARY))
      take(found, match, fromDigits(match[0].replaceAll(" ", ""), 2, 8));
    for (const match of text.matchAll(HEX))
      take(found, match, fromDigits(match[0].replace(/[ :]/g, ""), 16, 2));
  }
  if (!hasRun(text, IN_BASE64, SHORTEST_BASE64)) return found;
  for (const match of text.matchAll(BASE64)) {
    if (/[A-Z]/.test(match[0]) && /[a-z]/.test(match[0])) take(found, match, Buffer.from(match[0], "base64"));
  }
  return found;
}

/**
 * Has a text that many characters of a class in a row? Only one character in `shortest` is looked at, and what is around it
 * where it is of the class: seldom so, and then the patterns need not be tried everywhere.
 */
function hasRun(text: string, kind: number, shortest: number): boolean {
  for (let at = shortest - 1; at < text.length; at += shortest) {
    if (!isOf(kind, text.charCodeAt(at))) continue;
    let first = at;
    while (first > 0 && at - first < shortest && isOf(kind, text.charCodeAt(first - 1))) first--;
    let end = at + 1;
    while (end - first < shortest && isOf(kind, text.charCodeAt(end))) end++;
    if (end - first >= shortest) return true;
  }
  return false;
}

function isOf(kind: number, code: number): boolean {
  return code < 128 && ((CLASS[code] as number) & kind) !== 0;
}

function fromDigits(digits: string, radix: number, width: number): Buffer {
  const bytes = Buffer.alloc(Math.floor(digits.length / width));
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(digits.slice(i * width, (i + 1) * width), radix);
  }
  return bytes;
}

/** Takes what was decoded when it reads like text: nearly all of it letters and blanks. */
function take(found: Reading[], match: RegExpExecArray, bytes: Buffer): void {
  const text = bytes.toString("utf8");
  const letters = text.match(/[\p{L}\p{M} ]/gu)?.length ?? 0;
  if (text.length < 12 || letters < text.length * 0.8 || !text.includes(" ")) return;
  const start = match.index;
  const end = start + match[0].length;
  found.push(cutUnits(text).map((unit) => ({ text: unit.text, start, end })));
}

/** Sentences with digits for letters, or with their letters set apart, once more in plain letters. */
function respelledReadings(whole: string, units: readonly Unit[]): Reading[] {
  const found: Reading[] = [];
  if (!LEET_WORD.test(whole) && !MAYBE_SPELLED.test(whole)) return found;
  for (const { text, start, end } of units) {
    const plain = respelled(text);
    if (plain !== text) found.push([{ text: plain, start, end }]);
  }
  return found;
}

function respelled(text: string): string {
  const joined = text.replace(SPELLED, (run) => run.replace(/[ .*_-]/g, ""));
  if (!LEET_WORD.test(joined)) return joined;
  return joined
    .split(" ")
    .map((word) => (LEET_WORD.test(word) ? word.replace(/[013457$]/g, (c) => LEET[c] ?? c) : word))
    .join(" ");
}
