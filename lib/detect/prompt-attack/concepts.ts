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

/** The trie laid flat: places are numbers (the root 0), and a step is looked up by place and character in one table. */
const SYMBOLS = new Uint16Array(1 << 16);
const TRIE = flatten(grow());
const {
  keys: STEPS,
  places: PLACES,
  stems: STEMS,
  wholes: WHOLES,
  mask: STEP_MASK,
  symbols: SYMBOL_COUNT,
} = TRIE;

interface FlatTrie {
  /** Of each slot the place and symbol it leads from as one number, -1 for none; and where it leads. */
  keys: Int32Array;
  places: Int32Array;
  mask: number;
  /** Characters that occur, and one for all others. */
  symbols: number;
  stems: Int16Array;
  wholes: Int16Array;
}

/** Numbers the places and the characters (the product of both is below 2^31), and lays the steps into an open table at most a quarter full. */
function flatten(root: Node): FlatTrie {
  const nodes = [root];
  let symbols = 1;
  for (const { next } of nodes) {
    for (const [code, child] of next) {
      if (SYMBOLS[code] === 0) SYMBOLS[code] = symbols++;
      nodes.push(child);
    }
  }
  const size = 1 << Math.ceil(Math.log2(nodes.length * 4));
  const keys = new Int32Array(size).fill(-1);
  const places = new Int32Array(size);
  // Places are numbered in the order in which the loop above came upon them.
  let last = 0;
  for (const [number, { next }] of nodes.entries()) {
    for (const code of next.keys()) {
      const key = number * symbols + (SYMBOLS[code] as number);
      let slot = slotOf(key, size - 1);
      while (keys[slot] !== -1) slot = (slot + 1) & (size - 1);
      keys[slot] = key;
      places[slot] = ++last;
    }
  }
  const stems = Int16Array.from(nodes, ({ stem }) => stem);
  return {
    keys,
    places,
    mask: size - 1,
    symbols,
    stems,
    wholes: Int16Array.from(nodes, ({ whole }) => whole),
  };
}

function slotOf(key: number, mask: number): number {
  const mixed = Math.imul(key, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & mask;
}

/** Where a character leads from a place; 0 for nowhere. */
function step(place: number, code: number): number {
  const symbol = SYMBOLS[code] as number;
  if (symbol === 0) return 0;
  const key = place * SYMBOL_COUNT + symbol;
  let slot = slotOf(key, STEP_MASK);
  for (;;) {
    const there = STEPS[slot] as number;
    if (there === key) return PLACES[slot] as number;
    if (there === -1) return 0;
    slot = (slot + 1) & STEP_MASK;
  }
}

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
 * Linear: at each place at most the longest stem is walked. Writes into `into`
 * behind the first `from`, each raised by `base`; answers how many.
 */
export function conceptsOf(codes: Uint16Array, length: number, into: Int32Array, from = 0, base = 0): number {
  const total = findConcepts(codes, length);
  if (total === 0) return 0;
  let n = from;
  let different = 0;
  seen.fill(0);
  for (let i = 0; i < total; i++) {
    const one = found[i] as number;
    if (seen[one] === 0) {
      into[n++] = base + one;
      seen[one] = 1;
      different++;
    }
    for (let j = i + 1; j <= i + SPAN && j < total; j++) {
      const other = found[j] as number;
      if (other === one) continue;
      into[n++] = base + SINGLES + one * CONCEPTS + other;
      const high = Math.max(one, other);
      into[n++] = base + PAIRS + (high * (high - 1)) / 2 + Math.min(one, other);
    }
  }
  into[n++] = base + CONCEPT_BUCKETS - 1 - Math.min(different, MOST_COUNTED);
  return n - from;
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
    const concept = longest(codes, length, i);
    if (concept < 0) {
      i++;
      continue;
    }
    if ((total === 0 || found[total - 1] !== concept) && total < found.length) found[total++] = concept;
    i = longestEnd;
  }
  return total;
}

const IN_WORD = 1;
const UNSPACED_SCRIPT = 2;
const JOINING = 4;
/** What each character is, as the functions below say. */
const KINDS = new Uint8Array(1 << 16);
for (let code = 0; code < KINDS.length; code++) {
  KINDS[code] =
    (isWord(code) ? IN_WORD : 0) | (isUnspaced(code) ? UNSPACED_SCRIPT : 0) | (isJoining(code) ? JOINING : 0);
}

/** May a stem begin here? At the start of a word, after joined small words, and anywhere in unspaced scripts. */
function starts(codes: Uint16Array, at: number, code: number): boolean {
  if (code <= 64) return false;
  const kind = KINDS[code] as number;
  if ((kind & UNSPACED_SCRIPT) !== 0) return true;
  let before = at - 1;
  if ((kind & JOINING) !== 0) {
    while (before >= 0 && at - before <= MOST_JOINED && JOINED.has(codes[before] as number)) before--;
  }
  return before < 0 || ((KINDS[codes[before] as number] as number) & (IN_WORD | UNSPACED_SCRIPT)) !== IN_WORD;
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

/** Where the stem ends that `longest` found last. */
let longestEnd = 0;

/** The concept of the longest stem from a place on, -1 for none. */
function longest(codes: Uint16Array, length: number, from: number): number {
  let place = 0;
  let best = -1;
  for (let i = from; i < length; i++) {
    place = step(place, codes[i] as number);
    if (place === 0) break;
    const whole = WHOLES[place] as number;
    const stem = STEMS[place] as number;
    if (whole < 0 && stem < 0) continue;
    if (whole >= 0 && (i + 1 >= length || ((KINDS[codes[i + 1] as number] as number) & IN_WORD) === 0))
      best = whole;
    else if (stem >= 0) best = stem;
    else continue;
    longestEnd = i + 1;
  }
  return best;
}
