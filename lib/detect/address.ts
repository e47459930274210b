import {
  BOX,
  LONE_CODE,
  PLACE_AND_CODE,
  STREET_ENDING,
  TOWN,
  TYPE_AFTER_NUMBER,
  TYPE_BEFORE_NUMBER,
  TYPE_FIRST,
  TYPE_LAST,
  TYPE_LAST_VAGUE,
  UNIT,
} from "@/lib/detect/address-words";
import { type Near, wordsNear } from "@/lib/detect/near";
import { isDigit, isWordCode, keepSurest, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

const place = wordsNear(
  /(?<![a-z])(?:address(?:es)?|adress[ea]?|anschrift|direcci[oó]n|endereço|morada|indirizzo|adres|adresa|osoite|wohn(?:haft|t|en)|live[sd]? (?:at|in|on)|living (?:at|in|on)|located|reside[sd]?|residence|deliver(?:y|ed)?|ship(?:ped|ping)?|billing|sent? (?:it |this |them )?to|meet (?:me|you|us|him|her) at|moved|taxi|drops? you off|corner of|restaurant is|office is|headquarter|zip|postcode|postal)(?![a-z])/g,
);

const MOST_WORDS = 5;
/** Small words of names of streets: "rue de la Paix", "Rua do Arenque", "Straße des 17. Juni". */
const PARTICLES = new Set(
  "de la le les des du d l del los las da do das dos di della delle dei van der den am an im zur of the e y i".split(
    " ",
  ),
);
/** Before a number these say something else than a street. */
const NO_STREET = new Set(
  (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep " +
    "sept oct nov dec monday tuesday wednesday thursday friday saturday sunday version section chapter page step figure " +
    "table part level phase item question day week year grade class number no line room flight model windows iphone " +
    "gpt python java covid top rule note total usd eur task option example article act annex vol volume episode season"
  ).split(" "),
);

/**
 * `pii/address`: a street by its kind of word beside a house number, a box, or a postcode of a telling form.
 * - L1: street and number with a postcode, town or apartment behind, or beside a word such as "address".
 * - L2: street and number alone; a post box; a military post.
 * - L3: capitals and a number ("Joaquin Suarez 2906") beside such a word or with a flat or postcode behind; a flat beside
 *   such a word; a postcode of a telling form.
 * - L4: a street in small letters, without such a word.
 */
export function findAddresses(scan: Scan, hits: Hit[]): void {
  if (scan.digits.length === 0) return;
  const { text } = scan;
  const isPlace = place(text);
  const found: Hit[] = [];
  let after = 0;
  for (const start of scan.digits) {
    if (start < after) continue;
    const street = streetAt(text, start, after);
    if (street === undefined) continue;
    const hit = withRest(text, street, isPlace);
    if (hit === undefined) continue;
    found.push(hit);
    after = hit.end;
  }
  for (const match of text.matchAll(BOX)) push(found, match.index, match[0].length, 2);
  for (const match of text.matchAll(LONE_CODE)) {
    push(found, match.index, match[0].length, isPlace(match.index, match.index + match[0].length) ? 2 : 3);
  }
  if (found.length > 0) hits.push(...keepSurest(found));
}

function push(hits: Hit[], start: number, length: number, level: Level): void {
  hits.push({ detector: "pii/address", level, start, end: start + length });
}

/** `sure`: a kind of street is named. `plain`: in small letters. */
interface Street {
  start: number;
  end: number;
  sure: boolean;
  plain: boolean;
}

function streetAt(text: string, start: number, floor: number): Street | undefined {
  const end = houseNumberEnd(text, start);
  if (end < 0) return undefined;
  return (
    unitBefore(text, start, end, floor) ??
    streetBefore(text, start, end, floor) ??
    streetAfter(text, start, end)
  );
}

/** One to five digits, perhaps a letter; -1 when this is another kind of number. */
function houseNumberEnd(text: string, start: number): number {
  let end = start + 1;
  while (isDigit(text.charCodeAt(end))) end++;
  if (end - start > 5) return -1;
  if (
    isLetter(text.charCodeAt(end)) &&
    !isLetter(text.charCodeAt(end + 1)) &&
    !isDigit(text.charCodeAt(end + 1))
  )
    end++;
  const next = text.charCodeAt(end);
  if (isWordCode(next) || next === 58 || next === 37 || next === 95) return -1;
  if ((next === 46 || next === 44 || next === 45 || next === 47) && isDigit(text.charCodeAt(end + 1)))
    return -1;
  const previous = text.charCodeAt(start - 1);
  const joined = previous === 46 || previous === 44 || previous === 45 || previous === 47 || previous === 58;
  if (previous === 36 || previous === 35 || previous === 95 || previous === 61) return -1;
  return (joined && isWordCode(text.charCodeAt(start - 2))) || isWordCode(previous) ? -1 : end;
}

function unitBefore(text: string, start: number, end: number, floor: number): Street | undefined {
  const words = wordsBefore(text, start, floor, 1);
  const word = words[0];
  if (word === undefined) return undefined;
  UNIT.lastIndex = word.start;
  const unit = UNIT.exec(text);
  if (unit === null || word.start + unit[0].length < end || !isCapital(text, word.start)) return undefined;
  return { start: word.start, end: word.start + unit[0].length, sure: false, plain: false };
}

interface Word {
  start: number;
  end: number;
  small: string;
  capital: boolean;
}

function streetBefore(text: string, start: number, end: number, floor: number): Street | undefined {
  const words = wordsBefore(text, start, floor, MOST_WORDS);
  const last = words[0];
  if (last === undefined || NO_STREET.has(last.small)) return undefined;
  if (STREET_ENDING.test(last.small)) {
    return { start: capitalsFrom(words, 1)?.start ?? last.start, end, sure: true, plain: !last.capital };
  }
  const name = words[1];
  if (name !== undefined && TYPE_BEFORE_NUMBER.has(last.small) && (name.capital || !last.capital)) {
    const from = capitalsFrom(words, 1);
    if (from !== undefined) return { start: from.start, end, sure: true, plain: false };
  }
  for (const [i, word] of words.entries()) {
    if (i > 0 && TYPE_FIRST.has(word.small)) {
      const plain = !words.slice(0, i).some((one) => one.capital);
      return { start: word.start, end, sure: !plain || word.capital, plain };
    }
    if (!word.capital && !PARTICLES.has(word.small) && i > 1) break;
  }
  const shouted = last.end - last.start > 1 && isCapital(text, last.end - 1);
  const first = last.capital && !shouted ? (capitalsFrom(words, 0) ?? last) : undefined;
  return first === undefined ? undefined : { start: first.start, end, sure: false, plain: false };
}

/** The furthest of the capitals and small words of names that follow one another from `from` on. */
function capitalsFrom(words: readonly Word[], from: number): Word | undefined {
  let furthest: Word | undefined;
  for (const word of words.slice(from)) {
    if (word.capital) furthest = word;
    else if (!PARTICLES.has(word.small)) break;
  }
  return furthest;
}

function streetAfter(text: string, start: number, end: number): Street | undefined {
  const words = wordsAfter(text, end);
  const first = words[0];
  if (first === undefined) return undefined;
  if (TYPE_FIRST.has(first.small) || TYPE_AFTER_NUMBER.has(first.small)) {
    const named = words.slice(1).findIndex((word) => !PARTICLES.has(word.small)) + 1;
    if (named > 0 && named <= 3 && words[named]?.capital)
      return { start, end: numberEnd(text, namesEnd(words, named)), sure: true, plain: false };
  }
  for (const [i, word] of words.entries()) {
    if (i === 0) continue;
    const before = words.slice(0, i);
    const capital = before.every((one) => one.capital || PARTICLES.has(one.small)) && first.capital;
    const strong = TYPE_LAST.has(word.small);
    if (capital && word.capital && (strong || TYPE_LAST_VAGUE.has(word.small)))
      return { start, end: word.end, sure: true, plain: false };
    if (
      strong &&
      word.small.length > 2 &&
      i <= 3 &&
      !before.some((one) => one.small.length < 3 || PARTICLES.has(one.small))
    )
      return { start, end: word.end, sure: true, plain: true };
  }
  return undefined;
}

function namesEnd(words: readonly Word[], from: number): number {
  let end = (words[from] as Word).end;
  for (const word of words.slice(from)) {
    if (word.capital) end = word.end;
    else if (!PARTICLES.has(word.small)) break;
  }
  return end;
}

/** Past a house number that follows: "3037 ul. Długa 7". */
function numberEnd(text: string, end: number): number {
  const house =
    text.charCodeAt(end) === 32 && isDigit(text.charCodeAt(end + 1)) ? houseNumberEnd(text, end + 1) : -1;
  return house < 0 ? end : house;
}

/** Up to `most` words left of `end`, the nearest first, with one space between; none before `floor`. */
function wordsBefore(text: string, end: number, floor: number, most: number): Word[] {
  const words: Word[] = [];
  let at = end;
  while (words.length < most && text.charCodeAt(at - 1) === 32) {
    const wordEnd = at - 1;
    let start = wordEnd;
    while (start > floor && wordEnd - start < 32 && isNameCode(text.charCodeAt(start - 1))) start--;
    if (start === wordEnd || isDigit(text.charCodeAt(start - 1))) break;
    words.push(wordOf(text, start, wordEnd));
    at = start;
  }
  return words;
}

function wordsAfter(text: string, from: number): Word[] {
  const words: Word[] = [];
  let at = text.charCodeAt(from) === 44 ? from + 1 : from;
  while (words.length < MOST_WORDS && text.charCodeAt(at) === 32) {
    let end = at + 1;
    while (end - at < 32 && isNameCode(text.charCodeAt(end))) end++;
    if (end === at + 1 || isDigit(text.charCodeAt(end))) break;
    words.push(wordOf(text, at + 1, end));
    at = end;
  }
  return words;
}

function wordOf(text: string, start: number, end: number): Word {
  const written = text.charCodeAt(end - 1) === 46 ? text.slice(start, end - 1) : text.slice(start, end);
  return { start, end, small: written.toLowerCase(), capital: isCapital(text, start) };
}

/** With the number that may stand before it, and with what follows: apartment, town, postcode. */
function withRest(text: string, street: Street, isPlace: Near): Hit | undefined {
  const next = text.charCodeAt(street.end);
  const end = street.sure || next === 10 || next === 44 ? restEnd(text, street.end) : street.end;
  const level = addressLevel(street, { rest: end > street.end, named: isPlace(street.start, street.end) });
  if (level === undefined) return undefined;
  const front = /(?<![\w.,-])\d{1,5} $/.exec(text.slice(Math.max(0, street.start - 7), street.start));
  return { detector: "pii/address", level, start: street.start - (front?.[0].length ?? 0), end };
}

function addressLevel(
  { sure, plain }: Street,
  { rest, named }: { rest: boolean; named: boolean },
): Level | undefined {
  if (!sure) return named || rest ? 3 : undefined;
  if (plain) return named ? 2 : rest ? 3 : 4;
  return named || rest ? 1 : 2;
}

function restEnd(text: string, from: number): number {
  let end = from;
  for (let i = 0; i < 2; i++) {
    UNIT.lastIndex = end + (/^[ ,\n]{0,3}/.exec(text.slice(end, end + 3))?.[0].length ?? 0);
    const unit = UNIT.lastIndex > end ? UNIT.exec(text) : null;
    if (unit === null) break;
    end = unit.index + unit[0].length;
  }
  for (const pattern of [PLACE_AND_CODE, TOWN]) {
    pattern.lastIndex = end;
    const found = pattern.exec(text);
    if (found !== null) return end + found[0].length;
  }
  return end;
}

function isLetter(code: number): boolean {
  return isWordCode(code) && !isDigit(code);
}

/** Letters, and the signs within names: `'`, `.`, `-`, `/`. */
function isNameCode(code: number): boolean {
  return isLetter(code) || code === 39 || code === 46 || code === 45 || code === 47 || code === 0x2019;
}

function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return code >= 65 && code <= 90;
  const letter = text.charAt(at);
  return letter !== letter.toLowerCase();
}
