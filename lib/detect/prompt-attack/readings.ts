import { cutUnits, type Unit } from "./units";

/** One way to read a text or a part of it: as it stands, or decoded. The units point into the text as it stands. */
export type Reading = Unit[];

const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const HEX = /(?:[0-9a-fA-F]{2}[ :]?){16,}/g;
const BINARY = /(?:[01]{8} ?){12,}/g;
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
const SPELLED = /(?:\b[a-z][ .*_-]){5,}[a-z]\b/gi;

/** Every way to read a text. Work and length are linear: each character is decoded at most once per code. */
export function readingsOf(text: string): Reading[] {
  const plain = cutUnits(text);
  const others = [...decodedReadings(text), ...respelledReadings(plain)];
  return [plain, ...others];
}

function decodedReadings(text: string): Reading[] {
  const found: Reading[] = [];
  for (const match of text.matchAll(BINARY))
    take(found, match, fromDigits(match[0].replaceAll(" ", ""), 2, 8));
  for (const match of text.matchAll(HEX))
    take(found, match, fromDigits(match[0].replace(/[ :]/g, ""), 16, 2));
  for (const match of text.matchAll(BASE64)) {
    if (/[A-Z]/.test(match[0]) && /[a-z]/.test(match[0])) take(found, match, Buffer.from(match[0], "base64"));
  }
  return found;
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
function respelledReadings(units: readonly Unit[]): Reading[] {
  const found: Reading[] = [];
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
