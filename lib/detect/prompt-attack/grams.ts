import { CONCEPT_BUCKETS, conceptsOf, plain } from "./concepts";

/** Buckets of the hashed n-grams of one channel. */
export const BUCKETS = 1 << 17;
/** Buckets of a channel: of the grams, and behind them of the concepts. */
export const FEATURES = BUCKETS + CONCEPT_BUCKETS;
/** Buckets of the model that judges whole prompts: half as many, and the concepts. */
export const WHOLE_BUCKETS = BUCKETS >> 1;
export const WHOLE_FEATURES = WHOLE_BUCKETS + CONCEPT_BUCKETS;
/** Characters of one unit as cut; folding may lengthen it up to eighteenfold (NFKC of U+FDFA). */
export const UNIT_CHARS = 200;
const FOLDED_CHARS = UNIT_CHARS * 18 + 2;
/** Features per character at most: grams of 2, 4 and 5 characters, up to five for a word and the blank after it, and
 * seven for a concept. */
const FEATURES_PER_CHAR = 14;
/** Words longer than this are runs of a script without spaces, or no words. */
const WORD_CHARS = 24;
/** From Thai on, two characters say as much as three or four of a Latin script. */
const DENSE_SCRIPT = 0x0e00;
const START = 0x811c9dc5;
const PRIME = 0x01000193;
const SPACE = 32;
const ZERO = 48;

const codes = new Uint16Array(FOLDED_CHARS + 1);

/** Room for the grams of one unit; filled by `gramsOf`. */
export function gramBuffer(): Int32Array {
  return new Int32Array(FOLDED_CHARS * FEATURES_PER_CHAR);
}

/**
 * Buckets of the hashed n-grams of a unit of at most `UNIT_CHARS` characters: 4 and 5 characters (2 too in
 * dense scripts), 1 to 3 words and two words around one, the first words once more as such; behind them, from
 * `BUCKETS` on, the concepts of the unit. Writes into `into`, answers how many.
 */
export function gramsOf(unit: string, into: Int32Array): number {
  const length = fold(unit);
  const grams = wordGrams(length, into, charGrams(length, into));
  return grams + conceptsOf(codes, length, into, grams, BUCKETS);
}

function bucket(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) & (BUCKETS - 1);
}

function charGrams(length: number, into: Int32Array): number {
  let n = 0;
  let first = codes[0] as number;
  let second = codes[1] as number;
  for (let i = 0; i + 1 < length; i++) {
    let hash = Math.imul(Math.imul(START ^ first, PRIME) ^ second, PRIME);
    if (first >= DENSE_SCRIPT) into[n++] = bucket(hash ^ 2);
    first = second;
    second = codes[i + 2] as number;
    if (i + 3 >= length) continue;
    hash = Math.imul(Math.imul(hash ^ second, PRIME) ^ (codes[i + 3] as number), PRIME);
    into[n++] = bucket(hash);
    if (i + 4 < length) into[n++] = bucket(Math.imul(hash ^ (codes[i + 4] as number), PRIME));
  }
  return n;
}

function wordGrams(length: number, into: Int32Array, from: number): number {
  let n = from;
  let count = 0;
  let before = 0;
  let earlier = 0;
  let hash = 0x9747b28c;
  let start = 0;
  for (let i = 0; i < length; i++) {
    const code = codes[i] as number;
    if (LETTERS[code] === 1) {
      hash = Math.imul(hash ^ code, PRIME);
      continue;
    }
    if (i > start && i - start <= WORD_CHARS) {
      into[n++] = bucket(hash);
      if (count > 0) into[n++] = bucket(Math.imul(before, 31) ^ hash ^ 0x5bd1);
      if (count > 1) into[n++] = bucket(Math.imul(Math.imul(earlier, 31) ^ before, 31) ^ hash ^ 0x7feb);
      if (count > 1) into[n++] = bucket(Math.imul(earlier, 41) ^ hash ^ 0x3c19);
      if (count < 2) into[n++] = bucket(Math.imul(count === 0 ? 7 : before, 37) ^ hash ^ 0x1f3d);
      earlier = before;
      before = hash;
      count++;
    }
    hash = 0x9747b28c;
    start = i + 1;
  }
  return n;
}

/** Letters, marks and digits; the rest of ASCII and general punctuation part words. */
const LETTERS = new Uint8Array(1 << 16);
for (let code = 0; code < LETTERS.length; code++) LETTERS[code] = isLetter(code) ? 1 : 0;

function isLetter(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || code === ZERO || code === 39;
  return code > 0xbf && (code < 0x2000 || code > 0x206f) && (code < 0x3000 || code > 0x303f);
}

/** How ASCII folds: small letters, 0 for digits, a blank for all that is none. */
const FOLDED_ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code <= SPACE) return SPACE;
  if (code >= 48 && code <= 57) return ZERO;
  return code >= 65 && code <= 90 ? code + 32 : code;
});

/** Small letters, compatibility forms as plain ones, a run of numbers as one 0, of blanks as one space. */
function fold(unit: string): number {
  return foldFrom(unit) || foldFrom(plain(latinised(unit.normalize("NFKC").toLowerCase())), true);
}

/** Folds a text into `codes`, answers how many; 0 when it is not all ASCII, unless it `mayHave` other characters. */
function foldFrom(text: string, mayHave = false): number {
  let length = 1;
  let before = SPACE;
  codes[0] = SPACE;
  for (let i = 0; i < text.length && length < FOLDED_CHARS - 1; i++) {
    let code = text.charCodeAt(i);
    if (code < 128) code = FOLDED_ASCII[code] as number;
    else if (!mayHave) return 0;
    else if (code === 0x2019) code = 39;
    if (code === SPACE && before === SPACE) continue;
    if (code === ZERO && (before === ZERO || (before === SPACE && codes[length - 2] === ZERO))) continue;
    codes[length++] = before = code;
  }
  if (before !== SPACE) codes[length++] = SPACE;
  return length;
}

/** Letters of Cyrillic and Greek that pass for Latin ones, by which a word is written past a filter. */
const LOOKALIKES = new Map<string, string>(
  Object.entries({
    а: "a",
    в: "b",
    с: "c",
    е: "e",
    һ: "h",
    і: "i",
    ј: "j",
    к: "k",
    м: "m",
    н: "h",
    о: "o",
    р: "p",
    ѕ: "s",
    т: "t",
    у: "y",
    х: "x",
    ԁ: "d",
    ɡ: "g",
    α: "a",
    β: "b",
    ε: "e",
    η: "n",
    ι: "i",
    κ: "k",
    ν: "v",
    ο: "o",
    ρ: "p",
    τ: "t",
    υ: "u",
    χ: "x",
    ı: "i",
  }),
);
const MIXED_WORD = /[a-z][a-z'-]*[\u0370-\u052f]|[\u0370-\u052f][a-z]/;

function latinised(text: string): string {
  if (!MIXED_WORD.test(text)) return text;
  return text
    .split(" ")
    .map((word) => (MIXED_WORD.test(word) ? Array.from(word, (c) => LOOKALIKES.get(c) ?? c).join("") : word))
    .join(" ");
}
