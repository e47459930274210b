import { type Near, wordsNear } from "@/lib/detect/near";
import { isDigit, isWordCode, keepSurest, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

/** `[from, to, digits of from and to, lengths]`: leading digits and lengths issuers give out today. */
const ISSUERS: readonly (readonly [number, number, number, readonly number[]])[] = [
  [4, 4, 1, [16]],
  [51, 55, 2, [16]],
  [2221, 2720, 4, [16]],
  [34, 34, 2, [15]],
  [37, 37, 2, [15]],
  [300, 305, 3, [14]],
  [309, 309, 3, [14]],
  [36, 36, 2, [14]],
  [38, 39, 2, [14, 16]],
  [6011, 6011, 4, [16]],
  [644, 649, 3, [16]],
  [65, 65, 2, [16]],
  [3528, 3589, 4, [16]],
  [62, 62, 2, [16, 19]],
  [2200, 2204, 4, [16]],
];

/** Ranges that exist but are old, rare or wide: Visa of 13 and 19, JCB beside today's ranges, Maestro, 17 to 19 digits elsewhere. */
const RARE_ISSUERS: typeof ISSUERS = [
  [4, 4, 1, [13, 19]],
  [2131, 2131, 4, [15]],
  [1800, 1800, 4, [15]],
  [50, 50, 2, [12, 13, 14, 15, 16, 17, 18, 19]],
  [56, 58, 2, [12, 13, 14, 15, 16, 17, 18, 19]],
  [60, 69, 2, [12, 13, 14, 15, 16, 17, 18, 19]],
  [36, 36, 2, [15, 16, 17, 18, 19]],
  [35, 35, 2, [16, 17, 18, 19]],
];

/** For each four leading digits a set of bits: the lengths given out. */
const CURRENT = lengthsByLead(ISSUERS);
const RARE = lengthsByLead(RARE_ISSUERS);

const CANONICAL = new Set(["4-4-4-4", "4-4-4-4-3", "4-6-5", "4-6-4"]);
const named = wordsNear(
  /\b(?:cards?|credit|debit|visa|master ?card|amex|american express|discover|diners|maestro|jcb|unionpay|ccn?|pan|cvv|karten?|carte|tarjeta|kort|carta)\b/g,
);

/**
 * `pii/credit-card`: digits that pass Luhn (ISO/IEC 7812-1 annex B) with the leading digits and length of an
 * issuer, written in one run or in groups with one space, dash or dot between.
 * - L1: current issuer and length, in the groups printed on cards, or beside a word such as "card".
 * - L2: current issuer and length in one run without such a word; or a rare range beside one.
 * - L3: current issuer in odd groups, or a rare range (Visa of 13 or 19, Maestro), without a word.
 * - L4: glued to letters; or the check digit is wrong but the groups or a word say card (a mistyped card).
 */
export function findCreditCards(scan: Scan, hits: Hit[]): void {
  const found: Hit[] = [];
  const isNamed = named(scan.text);
  let after = 0;
  for (const start of scan.digits) {
    if (start < after) continue;
    const first = scan.text.charCodeAt(start);
    if (first < 49 || first > 54 || continuesInSmallGroup(scan.text, start)) continue;
    const hit = cardAt(scan.text, start, isNamed);
    if (hit === undefined) continue;
    found.push(hit);
    if (hit.level < 4) after = hit.end;
  }
  if (found.length > 0) hits.push(...keepSurest(found));
}

/** A card may follow other digits ("2 4111 1111 1111 1111"), but then begins with a group of at least three. */
function continuesInSmallGroup(text: string, start: number): boolean {
  const follows = isSeparator(text.charCodeAt(start - 1)) && isDigit(text.charCodeAt(start - 2));
  return follows && !(isDigit(text.charCodeAt(start + 1)) && isDigit(text.charCodeAt(start + 2)));
}

/** Space, dash, dot. */
function isSeparator(code: number): boolean {
  return code === 32 || code === 45 || code === 46;
}

function cardAt(text: string, start: number, isNamed: Near): Hit | undefined {
  if (text.charCodeAt(start - 1) === 46 && isDigit(text.charCodeAt(start - 2))) return undefined;
  let digits = "";
  let groups = "";
  let group = 0;
  let best: Hit | undefined;
  for (let i = start; digits.length <= 19; ) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) {
      digits += text.charAt(i++);
      group++;
      continue;
    }
    groups += groups === "" ? group : `-${group}`;
    group = 0;
    if (digits.length >= 12) {
      const hit = judge({ text, isNamed, start, end: i, digits, groups });
      if (hit !== undefined && (best === undefined || hit.level <= best.level)) best = hit;
    }
    if (!isSeparator(code) || digits.length >= 19 || !isDigit(text.charCodeAt(i + 1))) break;
    i++;
  }
  return best;
}

interface Candidate {
  text: string;
  isNamed: Near;
  start: number;
  end: number;
  digits: string;
  groups: string;
}

function judge({ text, isNamed, start, end, digits, groups }: Candidate): Hit | undefined {
  const lead = Number(digits.slice(0, 4));
  const length = 1 << digits.length;
  const rare = ((CURRENT[lead] as number) & length) === 0;
  if (rare && ((RARE[lead] as number) & length) === 0) return undefined;
  const canonical = CANONICAL.has(groups);
  const oneRun = !groups.includes("-");
  const valid = passesLuhn(digits);
  if (!valid && !canonical && !oneRun) return undefined;
  const named = isNamed(start, end);
  const glued = isWordCode(text.charCodeAt(start - 1)) || isWordCode(text.charCodeAt(end));
  const level = cardLevel({ valid, rare, canonical, oneRun, named, glued });
  return level === undefined ? undefined : { detector: "pii/credit-card", level, start, end };
}

interface Look {
  valid: boolean;
  rare: boolean;
  canonical: boolean;
  oneRun: boolean;
  named: boolean;
  glued: boolean;
}

function cardLevel({ valid, rare, canonical, oneRun, named, glued }: Look): Level | undefined {
  if (!valid) return !rare && !glued && (canonical || (oneRun && named)) ? 4 : undefined;
  if (glued) return 4;
  if (rare) return named ? 2 : oneRun || canonical ? 3 : 4;
  if (canonical || (oneRun && named)) return 1;
  return oneRun || named ? 2 : 3;
}

function lengthsByLead(ranges: typeof ISSUERS): Uint32Array {
  const lengths = new Uint32Array(10_000);
  for (const [from, to, size, given] of ranges) {
    const bits = given.reduce((sum, length) => sum | (1 << length), 0);
    const width = 10 ** (4 - size);
    for (let lead = from * width; lead < (to + 1) * width; lead++)
      lengths[lead] = (lengths[lead] ?? 0) | bits;
  }
  return lengths;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const value = digits.charCodeAt(i) - 48;
    sum += twice ? (value > 4 ? value * 2 - 9 : value * 2) : value;
  }
  return sum % 10 === 0;
}
