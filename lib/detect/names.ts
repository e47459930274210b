import { DOUBTFUL_NAMES, GIVEN_NAMES } from "@/lib/detect/given-names";
import { FAMILY_ENDING, FAMILY_NAMES, NO_NAMES, PARTICLES, TITLES } from "@/lib/detect/name-words";
import { isDigit, isWordCode, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

/** What stands before a name and says so. The end of the match is where the name begins. */
const INTRODUCED =
  /(?<![a-z])(?:my (?:full |last |first |maiden )?name(?: is|'s)|(?:his|her|their|whose|maiden|last|full) name is|name on (?:the |my )?(?:card|account) is|named (?:him|her)|(?:your|maiden|last|full) name\?|name on the \w{3,12}\? \w{2,10}:|ich hei(?:ß|ss)e|mein name ist|je m'appelle|mon nom est|me llamo|mi nombre es|mi chiamo|(?:o )?meu nome é|me chamo|ik heet|mijn naam is|jag heter|jeg heter|jeg hedder|nimeni on|jmenuji se|nazywam się|mam na imię|меня зовут|με λένε)[ :]{1,2}/gi;
const LABELLED =
  /(?<![a-z_-])(?:(?:full|first|last|middle|maiden|given|family|customer|user|patient|client|contact|employee|account|card ?holder|sender|recipient|owner|organi[sz]er)[ _]?)?(?:name|surname|nombre|apellidos?|nom|prénom|nome|cognome|vorname|nachname|naam|namn|navn|jméno|imię|nazwisko|имя|фамилия|όνομα)["']? ?[:=][ \n]?["']?(?=\S)/gi;
const PLAIN_FIELD = /^name["']? ?[:=]/;
const GREETED =
  /(?<![a-z])(?:hi|hello|hey|dear|thanks|thank you|cheers|hola|hallo|bonjour|ciao|liebe|lieber|cher|chère|estimad[oa]|caro|cara|regards|sincerely|gr(?:ü|ue)(?:ß|ss)en?|cordialement|saludos|saluti|i'm|i am|this is|it's|call me|people call me|called|named|signed|by|from|with|says|said|asked|told)(?:,?\n{1,2}| |, )/gi;

/** A `field` is called name in small letters, as in data: products and files have names too. */
type Cue = "introduced" | "labelled" | "field" | "greeted";

/** One capital word of a run of them. */
interface Part {
  start: number;
  end: number;
  small: string;
}

const MOST_PARTS = 5;

/**
 * `pii/name`: names of people, as far as their form and a list of some 1,500 given names show them. No model reads the
 * sentence, so an unknown name without a sign of one is not found, and a firm or place named like a person is.
 * - L1: behind a form of address ("Dr."), behind "my name is" and the like, or a known given name in a field for names.
 * - L2: a known given name with a family name behind; unknown capitals behind "Name:" or "last name:".
 * - L3: a known given name alone; an unknown one with an initial, before a usual ending of family names, behind a
 *   greeting, or in a field called "name" as data has it.
 * - L4: a name that is also a word, alone; two or three unknown words in capitals within a sentence or alone on a line.
 */
export function findNames(scan: Scan, hits: Hit[]): void {
  if (scan.text.length < 3) return;
  const { text } = scan;
  const cues = cuesOf(text);
  let after = 0;
  for (const start of capitals(text, cues)) {
    if (start < after) continue;
    const parts = partsFrom(text, start);
    after = Math.max(after, start + 1, parts.at(-1)?.end ?? 0);
    readRun(text, parts, cues, hits);
  }
}

/** Where names may begin: capitals at the front of words, and what stands behind a cue even in small letters. */
function* capitals(text: string, cues: ReadonlyMap<number, Cue>): Generator<number> {
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = isWordCode(code) || code === 95;
    if (letter && !inWord && (isCapital(text, at) || (cues.size > 0 && isStrong(cues.get(at))))) yield at;
    inWord = letter;
  }
}

function isStrong(cue: Cue | undefined): boolean {
  return cue === "introduced" || cue === "labelled" || cue === "field";
}

function cuesOf(text: string): ReadonlyMap<number, Cue> {
  const cues = new Map<number, Cue>();
  const kinds: [RegExp, Cue][] = [
    [GREETED, "greeted"],
    [LABELLED, "labelled"],
    [INTRODUCED, "introduced"],
  ];
  for (const [pattern, cue] of kinds) {
    for (const match of text.matchAll(pattern)) {
      const field = cue === "labelled" && PLAIN_FIELD.test(match[0]);
      cues.set(match.index + match[0].length, field ? "field" : cue);
    }
  }
  return cues;
}

/** Words in capitals with one space between, initials and small words of names included. */
function partsFrom(text: string, start: number): Part[] {
  const parts: Part[] = [];
  let at = start;
  while (parts.length < MOST_PARTS) {
    const end = wordEnd(text, at);
    if (end === at) break;
    parts.push({ start: at, end, small: text.slice(at, end).toLowerCase() });
    const dotted =
      text.charCodeAt(end) === 46 && (end - at === 1 || TITLES.has(text.slice(at, end).toLowerCase()));
    let next = dotted ? end + 1 : end;
    if (text.charCodeAt(next) !== 32) break;
    next++;
    if (!isCapital(text, next)) next = behindParticles(text, next);
    if (next < 0) break;
    at = next;
  }
  return parts;
}

/** Past "von der" when a capital follows, or -1. */
function behindParticles(text: string, from: number): number {
  let at = from;
  for (let i = 0; i < 3; i++) {
    const end = wordEnd(text, at);
    if (end === at || end - at > 5 || text.charCodeAt(end) !== 32 || !PARTICLES.has(text.slice(at, end)))
      return -1;
    at = end + 1;
    if (isCapital(text, at)) return at;
  }
  return -1;
}

/** Letters, with `'` and `-` between letters; not the `'s` of possession. */
function wordEnd(text: string, start: number): number {
  let end = start;
  while (end - start < 40) {
    const code = text.charCodeAt(end);
    if (isLetter(code)) end++;
    else if (
      (code === 39 || code === 45 || code === 0x2019) &&
      end > start &&
      isLetter(text.charCodeAt(end + 1))
    ) {
      if (code !== 45 && text.charCodeAt(end + 1) === 115 && !isLetter(text.charCodeAt(end + 2))) break;
      end++;
    } else break;
  }
  return end;
}

function readRun(text: string, run: readonly Part[], cues: ReadonlyMap<number, Cue>, hits: Hit[]): void {
  let from = 0;
  while (from < run.length) {
    const first = run[from] as Part;
    const cue = cues.get(first.start);
    const titled = TITLES.has(first.small) && run.length > from + 1;
    if (!titled && isNoName(first) && !isStrong(cue)) {
      from++;
      continue;
    }
    const begin = titled ? from + 1 : from;
    const parts = nameParts(run, begin);
    if (parts.length === 0) {
      from = begin + 1;
      continue;
    }
    const level = levelOf(text, parts, { titled, cue });
    const last = parts.at(-1) as Part;
    if (level !== undefined) {
      hits.push({ detector: "pii/name", level, start: (parts[0] as Part).start, end: last.end });
    }
    from = begin + parts.length;
  }
}

/** Up to the first word that is no part of a name. */
function nameParts(run: readonly Part[], from: number): readonly Part[] {
  let end = from;
  while (end < run.length && end - from < 4 && (end === from || !isNoName(run[end]))) end++;
  return isNoName(run[from]) && end - from === 1 ? [] : run.slice(from, end);
}

/** "I'm" and "That's" count as "I" and "That". */
function isNoName(part: Part | undefined): boolean {
  if (part === undefined) return true;
  const sign = part.small.search(/['’]/);
  return NO_NAMES.has(sign > 0 ? part.small.slice(0, sign) : part.small);
}

interface Signs {
  titled: boolean;
  cue: Cue | undefined;
}

function levelOf(text: string, parts: readonly Part[], { titled, cue }: Signs): Level | undefined {
  const first = parts[0] as Part;
  if (isDigit(text.charCodeAt((parts.at(-1) as Part).end))) return undefined;
  const capital = isCapital(text, first.start);
  const known = GIVEN_NAMES.has(first.small) || GIVEN_NAMES.has(first.small.split("-")[0] ?? "");
  const sure = known && !DOUBTFUL_NAMES.has(first.small);
  if (titled) return first.end - first.start > 1 || parts.length > 1 ? 1 : undefined;
  if (cue === "introduced" && (capital || sure)) return 1;
  if (cue === "labelled" && capital) return known ? 1 : parts.length > 1 && !shouted(text, parts) ? 2 : 3;
  if (!capital) return undefined;
  if (cue === "field" && !known) return parts.length > 1 && !shouted(text, parts) ? 3 : 4;
  const family = parts.length > 1 && (parts.at(-1) as Part).end - (parts.at(-1) as Part).start > 1;
  if (known && family) return sure || cue !== undefined || endsLikeFamily(parts) ? 2 : 3;
  if (shouted(text, parts)) return sure ? 4 : undefined;
  if (sure || (family && (endsLikeFamily(parts) || hasInitial(parts)))) return 3;
  if (cue === "greeted" && first.end - first.start > 2) return family ? 3 : 4;
  const begins = beginsSentence(text, first.start);
  if (known || (!family && FAMILY_NAMES.has(first.small))) return begins ? undefined : 4;
  if (!family || parts.length > 3) return undefined;
  return begins && !isWholeLine(text, parts) ? undefined : 4;
}

/** "Stephan M. Urner". */
function hasInitial(parts: readonly Part[]): boolean {
  return parts.length === 3 && parts[1]?.small.length === 1;
}

function isWholeLine(text: string, parts: readonly Part[]): boolean {
  const before = text.charCodeAt((parts[0] as Part).start - 1);
  const after = text.charCodeAt((parts.at(-1) as Part).end);
  return (before === 10 || Number.isNaN(before)) && (after === 10 || after === 13);
}

function endsLikeFamily(parts: readonly Part[]): boolean {
  const { small } = parts.at(-1) as Part;
  return FAMILY_NAMES.has(small) || FAMILY_ENDING.test(small);
}

/** All in capitals. */
function shouted(text: string, parts: readonly Part[]): boolean {
  return parts.some(({ start, end }) => end - start > 1 && isCapital(text, end - 1));
}

function beginsSentence(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (before !== 32) return true;
  return ".!?:\n*#-".includes(text.charAt(start - 2));
}

function isLetter(code: number): boolean {
  return isWordCode(code) && !isDigit(code);
}

function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return code >= 65 && code <= 90;
  if (!(code >= 0xc0) || (code > 0x52f && code < 0x1e00) || code > 0x1fff) return false;
  const letter = text.charAt(at);
  return letter !== letter.toLowerCase();
}
