import { type Near, wordsNear } from "@/lib/detect/near";
import { isDigit, isWordCode, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

const named = wordsNear(/\b(?:ssns?|social security|soc\.? sec|ss ?#|tax ?payer|tin|w-?2|w-?9)/g);
/** Numbers that were printed in advertisements or that everybody invents. */
const PUBLISHED = new Set(["078051120", "219099999", "123456789", "111111111", "222222222", "333333333"]);

/**
 * `pii/us-ssn`: area, group and serial of a United States social security number. Never issued, and never
 * reported: area 000, 666 and 900 to 999, group 00, serial 0000 (SSA, "SSN randomization", 2011).
 * - L1: 123-45-6789 beside a word such as "SSN".
 * - L2: 123-45-6789 without such a word.
 * - L3: other separators or none, beside such a word.
 * - L4: other separators or none, without one; also numbers known from print.
 */
export function findSsns(scan: Scan, hits: Hit[]): void {
  const isNamed = named(scan.text);
  for (const start of scan.digits) {
    const hit = ssnAt(scan.text, start, isNamed);
    if (hit !== undefined) hits.push(hit);
  }
}

function ssnAt(text: string, start: number, isNamed: Near): Hit | undefined {
  if (!isDigit(text.charCodeAt(start + 1)) || !isDigit(text.charCodeAt(start + 2))) return undefined;
  const first = separator(text.charCodeAt(start + 3));
  const second = separator(text.charCodeAt(start + 5 + first.length));
  if (first === "" && second !== "") return undefined;
  const end = start + 9 + first.length + second.length;
  const area = text.slice(start, start + 3);
  const group = text.slice(start + 3 + first.length, start + 5 + first.length);
  const serial = text.slice(end - 4, end);
  const digits = area + group + serial;
  if (digits.length !== 9 || !/^\d{9}$/.test(digits) || !stands(text, start, end)) return undefined;
  if (area === "000" || area === "666" || area >= "900" || group === "00" || serial === "0000")
    return undefined;
  const level = ssnLevel(digits, `${first}${second}`, isNamed(start, end));
  return { detector: "pii/us-ssn", level, start, end };
}

function ssnLevel(digits: string, separators: string, named: boolean): Level {
  if (PUBLISHED.has(digits)) return 4;
  if (separators === "--") return named ? 1 : 2;
  return named ? 3 : 4;
}

function separator(code: number): "" | "-" | " " | "." {
  return code === 45 ? "-" : code === 32 ? " " : code === 46 ? "." : "";
}

/** Not a part of a longer number or word. */
function stands(text: string, start: number, end: number): boolean {
  if (isWordCode(text.charCodeAt(end)) || isWordCode(text.charCodeAt(start - 1))) return false;
  if (joins(text.charCodeAt(end)) && isDigit(text.charCodeAt(end + 1))) return false;
  return !(joins(text.charCodeAt(start - 1)) && isDigit(text.charCodeAt(start - 2)));
}

/** Dash, dot, plus. */
function joins(code: number): boolean {
  return code === 45 || code === 46 || code === 43;
}
