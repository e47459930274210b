import { type Near, wordsNear } from "@/lib/detect/near";
import { groupedNumber, isInternational, isNational } from "@/lib/detect/phone-plans";
import { isDigit, isWordCode, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

/** Words that say telephone in the languages of Europe and some beyond. */
const telephone = wordsNear(
  new RegExp(
    [
      "(?<![a-z])(?:tele)?(?:phones?|fones?|fono|foon|fon)(?![a-z])|(?<![a-z])(?:tel[ée]fon|telefon|puhelin|t[ée]l[ée]phon)",
      "(?<![a-z])(?:tel|tél|tlf|tfn|tlph|ph|fax|faks|hotline|helpline|whatsapp|handy(?:nummer)?|m[óo]vil|celular|cellulare)(?![a-z])",
      "(?<![a-z])(?:mobile|cell|contact|office|home|work|landline|direct|daytime)(?: ?(?:phone|no\\b|nr\\b|num)|:)|mobilnummer|mobilfunk|rufnummer|festnetz",
      "(?<![a-z])(?:call|reach|text|ring|phone|dial)(?: (?:me|us|him|her|them|back|now)){1,2} (?:on|at|under|:)|(?<![a-z])dial(?![a-z])",
      "телефон|тел\\.|факс|моб\\.|τηλ|κινητ|電話|电话|手机|携帯|전화|휴대|هاتف|تلفون|טלפון|फ़ोन|फोन|โทร",
    ].join("|"),
    "g",
  ),
);
const call = wordsNear(
  /(?<![a-z])(?:calls?|called|calling|mobile|mobil|cell|sms|text me|contact|ring|anrufen|appelez|appeler|llam[ae]|chiama|ligue|bellen|zadzwo)/g,
);

const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;
const NO_DIGITS = /\D+/g;

/** Groups of digits with one separator between each and the next. */
interface Chain {
  text: string;
  digits: string;
  starts: number[];
  sizes: number[];
  /** What stands before each group: 0, or the code of the separator; of several that of the parenthesis or plus. */
  gaps: number[];
  end: number;
}

/** More groups than that are a table of numbers and are read in parts. */
const MOST_GROUPS = 48;
const PLUS = 43;
const OPEN = 40;
const CLOSE = 41;
const SPACE = 32;
const DASH = 45;
const DOT = 46;
const SLASH = 47;

/**
 * `pii/phone`: digits that a numbering plan knows (ITU-T E.164 as in `libphonenumber-js`), its countries' lengths,
 * leading digits and groups included.
 * - L1: valid with `+` and the country's code; or valid and grouped as a country does beside a word such as "phone".
 * - L2: grouped as in North America, or with a trunk zero, without such a word; beside one, valid but grouped otherwise.
 * - L3: grouped as some country does; or 7 to 15 digits in any groups beside a word; or `+` and a number no plan knows.
 * - L4: valid somewhere but grouped otherwise; one run of digits with a trunk zero or of North America.
 */
export function findPhones(scan: Scan, hits: Hit[]): void {
  const near = { telephone: telephone(scan.text), call: call(scan.text) };
  let after = 0;
  for (const start of scan.digits) {
    if (start < after) continue;
    const chain = chainAt(scan.text, start);
    after = chain.end;
    if (chain.end - start < FEWEST_DIGITS || isGlued(chain)) continue;
    chain.digits = digitsOf(chain);
    if (chain.digits.length >= FEWEST_DIGITS) readChain(chain, near, hits);
  }
}

interface NearWords {
  telephone: Near;
  call: Near;
}

function chainAt(text: string, start: number): Chain {
  const chain: Chain = { text, digits: "", starts: [], sizes: [], gaps: [], end: start };
  let at = start;
  let gap = signBefore(text, start);
  for (;;) {
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    chain.starts.push(at);
    chain.sizes.push(end - at);
    chain.gaps.push(gap);
    chain.end = end;
    const next = nextGroup(text, end);
    if (next < 0 || chain.starts.length === MOST_GROUPS) break;
    gap = gapCode(text, end, next);
    at = next;
  }
  return chain;
}

/** Plus wins over parenthesis. */
function signBefore(text: string, start: number): number {
  let sign = 0;
  for (let at = start - 1; at >= start - 3; at--) {
    const code = text.charCodeAt(at);
    if (code === PLUS) return PLUS;
    if (code === OPEN) sign = OPEN;
    else if (code !== SPACE) break;
  }
  return text.charCodeAt(start - 1) === SPACE ? 0 : sign;
}

/** Where the next group begins behind one space, dash, dot or slash, or behind parentheses; -1 when none does. */
function nextGroup(text: string, end: number): number {
  let at = end;
  if (text.charCodeAt(at) === CLOSE) at++;
  const code = text.charCodeAt(at);
  if (code === SPACE || code === DASH || code === DOT || code === SLASH) at++;
  if (text.charCodeAt(at) === OPEN) at++;
  return at > end && isDigit(text.charCodeAt(at)) ? at : -1;
}

function gapCode(text: string, from: number, to: number): number {
  if (text.charCodeAt(to - 1) === OPEN) return OPEN;
  return text.charCodeAt(from);
}

function digitsOf({ text, starts, sizes, end }: Chain): string {
  const joined = text.slice(starts[0], end);
  return sizes.length === 1 ? joined : joined.replace(NO_DIGITS, "");
}

/** A part of a longer word, an amount, a time, a number in code. */
function isGlued(chain: Chain): boolean {
  return isGluedBefore(chain.text, opening(chain, 0)) || isGluedAfter(chain.text, chain.end);
}

function isSignOrSpace(code: number): boolean {
  return code === PLUS || code === OPEN || code === SPACE;
}

function isGluedBefore(text: string, start: number): boolean {
  if (start === 0) return false;
  const previous = text.charCodeAt(start - 1);
  const sign = text.charAt(start - 1);
  if (previous < 128 && (isWordCode(previous) || "$#_=&@%^~".includes(sign))) return true;
  if (sign === "€" || sign === "£" || sign === "¥") return true;
  const further = text.charCodeAt(start - 2);
  if (sign === ",") return isDigit(further);
  return (
    ".:-/".includes(sign) && further < 128 && isWordCode(further) && !(sign === ":" && !isDigit(further))
  );
}

function isGluedAfter(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next < 128 && (isWordCode(next) || "_%@=".includes(text.charAt(end)))) return true;
  return (next === 46 || next === 44 || next === 58) && isDigit(text.charCodeAt(end + 1));
}

function readChain(chain: Chain, near: NearWords, hits: Hit[]): void {
  if (isOtherNumber(chain)) return;
  const { sizes, starts } = chain;
  let at = 0;
  let found = false;
  for (let i = 0; i < sizes.length; ) {
    const taken = numberAt(chain, i, at, near);
    if (taken === undefined) {
      at += sizes[i++] as number;
      continue;
    }
    found = true;
    hits.push(taken.hit);
    for (let k = 0; k < taken.groups; k++) at += sizes[i++] as number;
  }
  if (found || chain.digits.length > MOST_DIGITS) return;
  const level = looseLevel(chain, near);
  if (level !== undefined) {
    hits.push({ detector: "pii/phone", level, start: opening(chain, 0), end: closing(chain, starts.length) });
  }
}

interface Taken {
  groups: number;
  hit: Hit;
}

function numberAt(chain: Chain, from: number, at: number, near: NearWords): Taken | undefined {
  const { digits, sizes, gaps, starts } = chain;
  if (gaps[from] === PLUS) return internationalAt(chain, from, at);
  const known = groupedNumber({ digits, sizes, from, at }, (groups) => standsApart(chain, from, groups));
  if (known === undefined) return undefined;
  const start = opening(chain, from);
  const end = closing(chain, from + known.groups);
  const inner = gaps.slice(from + 1, from + known.groups);
  const size = sum(sizes, from, known.groups);
  const american =
    size === 10 && known.groups === 3 && sizes[from] === 3 && sizes[from + 1] === 3 && inner[1] !== SPACE;
  const level = groupedLevel({
    named: near.telephone(starts[from] as number, end),
    called: near.call(starts[from] as number, end),
    strong: known.groups > 1 && size >= 9 && (known.trunk || american) && plain(inner),
    single: known.groups === 1,
    short: size < 8 || known.groups < 3,
    trunk: known.trunk,
  });
  return level === undefined
    ? undefined
    : { groups: known.groups, hit: { detector: "pii/phone", level, start, end } };
}

interface Look {
  named: boolean;
  called: boolean;
  strong: boolean;
  single: boolean;
  short: boolean;
  trunk: boolean;
}

function groupedLevel({ named, called, strong, single, short, trunk }: Look): Level | undefined {
  if (single) return named ? 2 : trunk ? 4 : undefined;
  if (named) return 1;
  if (strong) return 2;
  if (called) return 2;
  return short ? undefined : 3;
}

/** The longest run of groups that makes a valid number. */
function internationalAt(chain: Chain, from: number, at: number): Taken | undefined {
  const { digits, sizes } = chain;
  let best = 0;
  let end = at;
  let most = 0;
  for (let i = from; i < sizes.length && end - at + (sizes[i] as number) <= MOST_DIGITS; i++) {
    end += sizes[i] as number;
    most = i - from + 1;
    if (end - at > 7 && isInternational(digits.slice(at, end))) best = most;
  }
  const groups = best > 0 ? best : end - at >= 8 ? most : 0;
  if (groups === 0) return undefined;
  const place = { start: opening(chain, from), end: closing(chain, from + groups) };
  return { groups, hit: { detector: "pii/phone", level: best > 0 ? 1 : groups > 1 ? 3 : 4, ...place } };
}

function looseLevel(chain: Chain, near: NearWords): Level | undefined {
  const { digits, sizes, gaps } = chain;
  const start = chain.starts[0] as number;
  const named = near.telephone(start, chain.end);
  const grouped = sizes.length > 1;
  if (digits.startsWith("00") && digits.length >= 10 && isInternational(digits.slice(2)))
    return named ? 1 : 3;
  if (digits.startsWith("1") && digits.length === 11 && isInternational(digits))
    return named ? 1 : grouped ? 2 : 4;
  const small = sizes.filter((size) => size < 2).length > 1;
  const valid = !small && isNational(digits);
  if (named) return valid ? 2 : digits.length <= 13 ? 3 : undefined;
  if (!valid || digits.length < 8 || digits.length > 12 || (grouped && !plain(gaps.slice(1))))
    return undefined;
  if (!grouped) return digits.startsWith("0") && digits.length >= 10 ? 4 : undefined;
  if (near.call(start, chain.end)) return 3;
  return digits.length >= 9 && (sizes.length > 2 || digits.startsWith("0")) ? 4 : undefined;
}

/** The same separator all through; parentheses stand apart. */
function plain(gaps: readonly number[]): boolean {
  let separator = 0;
  for (const gap of gaps) {
    if (gap === OPEN || gap === CLOSE) continue;
    if (separator !== 0 && gap !== separator) return false;
    separator = gap;
  }
  return true;
}

/** What is left over at either side of the groups taken is set off by another separator than those within. */
function standsApart({ gaps, sizes }: Chain, from: number, groups: number): boolean {
  if (groups === 1) return sizes.length === 1;
  const left = from === 0 ? 0 : (gaps[from] as number);
  const right = from + groups === sizes.length ? 0 : (gaps[from + groups] as number);
  for (let i = from + 1; i < from + groups; i++) {
    if (gaps[i] === right || (gaps[i] === left && left !== OPEN)) return false;
  }
  return true;
}

/** `37.275230`, `2024-05-31`, `31.05.2024`, `10.0.0.1`, `536-22-8726`. */
function isOtherNumber({ sizes, gaps, digits }: Chain): boolean {
  const [a, b, c] = sizes as [number, number, number];
  const uniform = gaps[1] === gaps[2];
  if (sizes.length === 2) return gaps[1] === DOT;
  if (sizes.length === 3 && a === 3 && b === 2 && c === 4) return uniform;
  if (sizes.length === 4 && gaps[1] === DOT && uniform && gaps[3] === DOT) return Math.max(...sizes) <= 3;
  if (a === 4 && b === 2 && c === 2) return isCentury(digits, 0);
  return a <= 2 && b <= 2 && c === 4 && uniform && gaps[1] !== SPACE && isCentury(digits, a + b);
}

function isCentury(digits: string, at: number): boolean {
  return digits.startsWith("19", at) || digits.startsWith("20", at);
}

function sum(sizes: readonly number[], from: number, count: number): number {
  let total = 0;
  for (let i = from; i < from + count; i++) total += sizes[i] as number;
  return total;
}

/** With the plus and the parenthesis in front of the group. */
function opening({ text, starts, gaps }: Chain, group: number): number {
  let at = starts[group] as number;
  if (gaps[group] !== PLUS && gaps[group] !== OPEN) return at;
  while (isSignOrSpace(text.charCodeAt(at - 1)) && (starts[group] as number) - at < 3) at--;
  while (text.charCodeAt(at) === SPACE) at++;
  return at;
}

function closing({ starts, sizes }: Chain, groups: number): number {
  return (starts[groups - 1] as number) + (sizes[groups - 1] as number);
}
