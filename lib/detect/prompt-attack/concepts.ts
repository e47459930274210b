import { LEXICON } from "./lexicon";

/** Buckets of what concepts say: single ones, and pairs of them in either order. */
export const CONCEPTS = Object.keys(LEXICON).length;
const SPAN = 3;
const MOST_COUNTED = 4;
const SINGLES = CONCEPTS + 1;
const PAIRS = SINGLES + CONCEPTS * CONCEPTS;
export const CONCEPT_BUCKETS = PAIRS + (CONCEPTS * (CONCEPTS - 1)) / 2 + CONCEPTS + MOST_COUNTED + 1;

/** A place of the trie: what may follow, and the concept whose stem ends here (`whole`: only at the end of a word). */
interface Node {
  next: Map<number, Node>;
  stem: number;
  whole: number;
}

const MARKS = /[\u0300-\u036f\u064b-\u0652\u200c\u200d]/g;
/** From Thai on, words stand without spaces (Korean and Ethiopic excepted: there they do no harm). */
const UNSPACED = /[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]/;
/** Small words that Arabic, Persian and Hebrew write together with the next. */
const JOINED = new Set([..."والبفكلבהולמשכ"].map((letter) => letter.charCodeAt(0)));
const MOST_JOINED = 3;
/** Stems as short as this end where the word does, in Latin, Greek and Cyrillic letters. */
const ALWAYS_WHOLE = 3;
const ALPHABETS = /^[ -\u052f]*$/;

/** All but ASCII and general punctuation, which stay as they are. */
const MAY_CHANGE = /[\u0080-\u1fff\u2070-\uffff]|\u200c|\u200d/;

/** Letters without accents; the rest of the scripts stand as they are. */
export function plain(text: string): string {
  if (!MAY_CHANGE.test(text)) return text;
  return text.normalize("NFD").replace(MARKS, "").normalize("NFC");
}

const ROOT: Node = grow();

function grow(): Node {
  const root = node();
  for (const [concept, stems] of Object.values(LEXICON).entries()) {
    for (const entry of stems.split(" ")) plant(root, entry, concept);
  }
  return root;
}

function node(): Node {
  return { next: new Map(), stem: -1, whole: -1 };
}

function plant(root: Node, entry: string, concept: number): void {
  const closed = entry.endsWith("$");
  const stem = plain((closed ? entry.slice(0, -1) : entry).replaceAll("_", " ")).replace(/[0-9]+/g, "0");
  let at = root;
  for (let i = 0; i < stem.length; i++) {
    const code = stem.charCodeAt(i);
    const next = at.next.get(code) ?? node();
    at.next.set(code, next);
    at = next;
  }
  const key =
    !UNSPACED.test(stem) && (closed || (stem.length <= ALWAYS_WHOLE && ALPHABETS.test(stem)))
      ? "whole"
      : "stem";
  if (at[key] < 0) at[key] = concept;
}

const found = new Uint8Array(4096);
const seen = new Uint8Array(CONCEPTS);

/**
 * Buckets of the concepts that a folded unit speaks of (`codes` up to `length`, words parted by anything below
 * letters): each once, each pair within a short span as it stands and in any order, and how many there are.
 * Linear: at each place at most the longest stem is walked. Writes into `into`, answers how many.
 */
export function conceptsOf(codes: Uint16Array, length: number, into: Int32Array): number {
  const total = findConcepts(codes, length);
  let n = 0;
  seen.fill(0);
  for (let i = 0; i < total; i++) {
    const one = found[i] as number;
    if (seen[one] === 0) into[n++] = one;
    seen[one] = 1;
    for (let j = i + 1; j <= i + SPAN && j < total; j++) {
      const other = found[j] as number;
      if (other === one) continue;
      into[n++] = SINGLES + one * CONCEPTS + other;
      const high = Math.max(one, other);
      into[n++] = PAIRS + (high * (high - 1)) / 2 + Math.min(one, other);
    }
  }
  let different = 0;
  for (const flag of seen) different += flag;
  if (different > 0) into[n++] = CONCEPT_BUCKETS - 1 - Math.min(different, MOST_COUNTED);
  return n;
}

function findConcepts(codes: Uint16Array, length: number): number {
  let total = 0;
  let i = 0;
  while (i < length) {
    const code = codes[i] as number;
    if (!starts(codes, i, code)) {
      i++;
      continue;
    }
    const [concept, end] = longest(codes, length, i);
    if (concept < 0) {
      i++;
      continue;
    }
    if ((total === 0 || found[total - 1] !== concept) && total < found.length) found[total++] = concept;
    i = end;
  }
  return total;
}

/** May a stem begin here? At the start of a word, after joined small words, and anywhere in unspaced scripts. */
function starts(codes: Uint16Array, at: number, code: number): boolean {
  if (code <= 64) return false;
  if (isUnspaced(code)) return true;
  let before = at - 1;
  if (isJoining(code)) {
    while (before >= 0 && at - before <= MOST_JOINED && JOINED.has(codes[before] as number)) before--;
  }
  return before < 0 || !isWord(codes[before] as number) || isUnspaced(codes[before] as number);
}

function isJoining(code: number): boolean {
  return code >= 0x590 && code <= 0x6ff;
}

function isUnspaced(code: number): boolean {
  return (
    (code >= 0xe00 && code <= 0x109f) ||
    (code >= 0x1780 && code <= 0x17ff) ||
    (code >= 0x3040 && code <= 0x30ff) ||
    (code >= 0x3400 && code <= 0x9fff)
  );
}

function isWord(code: number): boolean {
  if (code < 128) return code >= 97 && code <= 122;
  return code > 0xbf && (code < 0x2000 || code > 0x206f) && (code < 0x3000 || code > 0x303f);
}

const NONE: readonly [number, number] = [-1, 0];

function longest(codes: Uint16Array, length: number, from: number): readonly [number, number] {
  let at: Node | undefined = ROOT;
  let best = NONE;
  for (let i = from; i < length; i++) {
    at = at.next.get(codes[i] as number);
    if (at === undefined) break;
    if (at.whole >= 0 && (i + 1 >= length || !isWord(codes[i + 1] as number))) best = [at.whole, i + 1];
    else if (at.stem >= 0) best = [at.stem, i + 1];
  }
  return best;
}
