import { type Near, wordsNear } from "@/lib/detect/near";
import { isDigit, isWordCode, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

/** Length of an IBAN per country: SWIFT IBAN Registry (ISO 13616), release 99. */
const LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 " +
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 " +
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const named = wordsNear(/iban/g);

/**
 * `pii/iban`: country, its length, and check digits by mod 97 (ISO 7064, ISO 13616).
 * - L1: valid, in capitals, in one run or in fours.
 * - L2: valid, written otherwise (small letters, dashes, other groups).
 * - L3: country and length right but the check digits wrong, in fours or beside the word IBAN (mistyped).
 * - L4: country and length right, check digits wrong, nothing else.
 */
export function findIbans(scan: Scan, hits: Hit[]): void {
  const isNamed = named(scan.text);
  let after = 0;
  for (const check of scan.digits) {
    const start = countryBefore(scan.text, check);
    if (start < after) continue;
    const hit = ibanAt(scan.text, start, isNamed);
    if (hit === undefined) continue;
    hits.push(hit);
    after = hit.end;
  }
}

/** Where the two letters of the country begin, or -1. One space may stand between them and the check digits. */
function countryBefore(text: string, check: number): number {
  const end = text.charCodeAt(check - 1) === 32 ? check - 1 : check;
  const stands = isLetter(text.charCodeAt(end - 1)) && isLetter(text.charCodeAt(end - 2));
  return stands && !isWordCode(text.charCodeAt(end - 3)) ? end - 2 : -1;
}

function ibanAt(text: string, start: number, isNamed: Near): Hit | undefined {
  const length = LENGTHS[text.slice(start, start + 2).toUpperCase()];
  if (length === undefined) return undefined;
  let account = "";
  let groups = "";
  let i = start;
  for (; account.length < length; i++) {
    const code = text.charCodeAt(i);
    if (isDigit(code) || isLetter(code)) account += text.charAt(i);
    else if ((code === 32 || code === 45) && account.length >= 2 && isWordCode(text.charCodeAt(i + 1))) {
      groups += code === 32 && account.length % 4 === 0 ? "f" : "x";
    } else return undefined;
  }
  if (isWordCode(text.charCodeAt(i)) || !/^[A-Za-z]{2}\d\d/.test(account)) return undefined;
  const level = ibanLevel(account, groups, isNamed(start, i));
  return level === undefined ? undefined : { detector: "pii/iban", level, start, end: i };
}

function ibanLevel(account: string, groups: string, named: boolean): Level | undefined {
  const inFours = groups.length === Math.ceil(account.length / 4) - 1 && !groups.includes("x");
  const canonical = account === account.toUpperCase() && (groups === "" || inFours);
  if (passesMod97(account)) return canonical ? 1 : 2;
  if (inFours || named) return 3;
  return canonical && /\d{4}$/.test(account) ? 4 : undefined;
}

function passesMod97(account: string): boolean {
  let rest = 0;
  for (const c of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(c, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
