import { isWordCode, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

const LOCAL = /[\w.!#$%&'*+/=?^`{|}~\u0080-\uffff-]/;
const DOMAIN = /[a-z0-9.\u0080-\uffff-]{1,253}/iy;
const DOMAIN_SHAPE =
  /^(?:[a-z0-9\u0080-\uffff](?:[a-z0-9\u0080-\uffff-]{0,61}[a-z0-9\u0080-\uffff])?\.)+([a-z\u0080-\uffff]{2,24}|xn--[a-z0-9-]{2,59})$/i;
const WIDESPREAD_TLD =
  /^(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|name|pro|app|dev|cloud|online|site|tech|email|company|agency|xyz)$/i;
const FILE_ENDING =
  /^(?:png|jpe?g|gif|svg|webp|ico|css|s?css|m?js|cjs|tsx?|jsx|json|html?|md|map|ya?ml|lock|txt|zip)$/i;
const PLACEHOLDER = /(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost|local)$/i;
const ROLE =
  /^(?:abuse|accounts?|admin|billing|careers|contact|enquiries|hello|help|hr|info|jobs|legal|mail|marketing|media|news(?:letter)?|no-?reply|do-?not-?reply|office|orders?|postmaster|press|privacy|sales|security|service|support|team|webmaster)$/i;
const SPELLED_AT = /[([{<] ?at ?[)\]}>]|(?<= )at(?= [a-z0-9-]{1,63} ?(?:dot|[([{]dot[)\]}]) ?[a-z])/gi;
const SPELLED_DOMAIN =
  /^ ?([a-z0-9-]{1,63}(?: ?(?:\.|\bdot\b|[([{]\s?(?:dot|\.)\s?[)\]}]) ?[a-z0-9-]{1,63}){1,4})/i;

/**
 * `pii/email`: an address of RFC 5322's plain form.
 * - L1: a mailbox that may be a person's, under a widespread top-level domain.
 * - L2: a role's mailbox (info@, support@), or a rarer top-level domain.
 * - L3: a reserved domain (RFC 2606: example.com, .test) or spaces around the `@`.
 * - L4: spelled out ("jane at firm dot com", "jane[at]firm.com"), or `git@host:path`.
 */
export function findEmails(scan: Scan, hits: Hit[]): void {
  let after = 0;
  for (const at of scan.ats) {
    const hit = emailAt(scan.text, at, after);
    if (hit === undefined) continue;
    hits.push(hit);
    after = hit.end;
  }
  findSpelled(scan.text, hits);
}

function emailAt(text: string, at: number, after: number): Hit | undefined {
  const spacedLeft = text.charCodeAt(at - 1) === 32 ? 1 : 0;
  const spacedRight = text.charCodeAt(at + 1) === 32 ? 1 : 0;
  if (spacedLeft !== spacedRight) return undefined;
  const start = localStart(text, at - spacedLeft, after);
  const local = text.slice(start, at - spacedLeft);
  if (local === "" || inUrl(text, start)) return undefined;
  DOMAIN.lastIndex = at + 1 + spacedRight;
  const domain = DOMAIN.exec(text)?.[0].replace(/[.-]+$/, "") ?? "";
  const tld = DOMAIN_SHAPE.exec(domain)?.[1];
  if (tld === undefined || FILE_ENDING.test(tld)) return undefined;
  const end = at + 1 + spacedRight + domain.length;
  const level = spacedLeft === 1 ? 3 : emailLevel(local, domain, tld, text.charCodeAt(end));
  return { detector: "pii/email", level, start, end };
}

function localStart(text: string, end: number, after: number): number {
  let start = end;
  const floor = Math.max(after, end - 64);
  while (start > floor && LOCAL.test(text.charAt(start - 1))) start--;
  while (start < end && !isWordCode(text.charCodeAt(start))) start++;
  return start;
}

/** The user part of a link (`https://user@host`) is no address. */
function inUrl(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 80), start);
  return /[a-z]:\/\/[^\s/]*$/i.test(before);
}

function emailLevel(local: string, domain: string, tld: string, next: number): Level {
  if (local === "git" && next === 58) return 4;
  if (PLACEHOLDER.test(domain)) return 3;
  return ROLE.test(local) || !WIDESPREAD_TLD.test(tld) ? 2 : 1;
}

function findSpelled(text: string, hits: Hit[]): void {
  for (const match of text.matchAll(SPELLED_AT)) {
    const local = /[\w.+-]{1,64} ?$/.exec(text.slice(Math.max(0, match.index - 65), match.index))?.[0];
    const from = match.index + match[0].length;
    const domain = SPELLED_DOMAIN.exec(text.slice(from, from + 200))?.[0];
    if (local === undefined || domain === undefined) continue;
    hits.push({
      detector: "pii/email",
      level: 4,
      start: match.index - local.length,
      end: from + domain.length,
    });
  }
}
