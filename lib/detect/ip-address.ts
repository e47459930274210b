import { isIPv6 } from "node:net";
import { type Near, wordsNear } from "@/lib/detect/near";
import { isDigit, isWordCode, type Scan } from "@/lib/detect/scan";
import type { Hit, Level } from "@/lib/detect/types";

const address = wordsNear(
  /(?<![a-z])(?:ip|ips|ipv[46]|address|adress|adresse|dirección|indirizzo|host|server|client|visitor|remote|peer|gateway|firewall|dns|vpn|subnet|ping|traceroute|ssh|login|logged|block|blocked|whitelist|allowlist|denylist|banned|connect|connected|connection|requests? from|traffic)(?![a-z])/g,
);
const version = wordsNear(
  /(?<![a-z])(?:v|ver|version|versions|release|build|firmware|driver|chapter|section|clause|oid|windows|chrome|safari|firefox|edge|opera)(?![a-z])/g,
);

const DOT = 46;
const COLON = 58;

/**
 * `pii/ip-address`: IPv4 in four decimal numbers, IPv6 (RFC 4291).
 * - L1: public, beside a word such as "IP", "address" or "host".
 * - L2: public, without such a word.
 * - L3: private, loopback, link-local, shared or for documentation (RFC 6890); public with a mask (`/24`).
 * - L4: looks like a version or a section (beside such a word, or all four numbers under 20), or stands in a longer
 *   word; reserved, broadcast and multicast.
 */
export function findIpAddresses(scan: Scan, hits: Hit[]): void {
  const near = { address: address(scan.text), version: version(scan.text) };
  let after = 0;
  for (const start of scan.digits) {
    if (start < after || !isDottedNumber(scan.text, start)) continue;
    const { end, octets } = dottedAt(scan.text, start);
    after = end;
    if (octets.length !== 4) continue;
    const level = ipv4Level(scan.text, { start, end, octets }, near);
    if (level !== undefined) hits.push({ detector: "pii/ip-address", level, start, end });
  }
  findIpv6(scan, near, hits);
}

interface NearWords {
  address: Near;
  version: Near;
}

interface Dotted {
  start: number;
  end: number;
  octets: number[];
}

function isDottedNumber(text: string, start: number): boolean {
  let at = start + 1;
  while (at < start + 3 && isDigit(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) === DOT && isDigit(text.charCodeAt(at + 1));
}

/** All the numbers with dots between from `start` on; `octets` is empty when one is no octet. */
function dottedAt(text: string, start: number): { end: number; octets: number[] } {
  const octets: number[] = [];
  let valid = true;
  let at = start;
  for (;;) {
    const from = at;
    let value = 0;
    while (isDigit(text.charCodeAt(at))) value = Math.min(value * 10 + text.charCodeAt(at++) - 48, 1000);
    const padded = at - from > 1 && text.charCodeAt(from) === 48;
    if (value > 255 || at - from > 3 || padded) valid = false;
    if (octets.length < 5) octets.push(value);
    if (text.charCodeAt(at) !== DOT || !isDigit(text.charCodeAt(at + 1))) break;
    at++;
  }
  return { end: at, octets: valid ? octets : [] };
}

function ipv4Level(text: string, { start, end, octets }: Dotted, near: NearWords): Level | undefined {
  const previous = text.charCodeAt(start - 1);
  const [a, b, c, d] = octets as [number, number, number, number];
  if (a === 0 || (a === 1 && b + c + d < 4)) return undefined;
  if (isJoined(previous) || isJoined(text.charCodeAt(end))) return 4;
  if (a >= 224) return 4;
  const named = near.address(start, end);
  if (near.version(start, end)) return named && Math.max(a, b, c, d) >= 20 ? 3 : 4;
  if (isSpecial(a, b, c) || isMask(text, end)) return 3;
  if (Math.max(a, b, c, d) < 20) return named ? 2 : 4;
  return named ? 1 : 2;
}

/** Letters, digits, `_` and `-` make a longer word of it. */
function isJoined(code: number): boolean {
  return (isWordCode(code) && code < 128) || code === 95 || code === 45;
}

function isMask(text: string, end: number): boolean {
  return text.charCodeAt(end) === 47 && isDigit(text.charCodeAt(end + 1));
}

/** Private, loopback, link-local, shared (RFC 6598), documentation (RFC 5737), benchmarks (RFC 2544). */
function isSpecial(a: number, b: number, c: number): boolean {
  if (a === 10 || a === 127) return true;
  if (a === 172) return b >= 16 && b <= 31;
  if (a === 192) return b === 168 || (b === 0 && (c === 0 || c === 2));
  if (a === 169) return b === 254;
  if (a === 100) return b >= 64 && b <= 127;
  if (a === 198) return b === 18 || b === 19 || (b === 51 && c === 100);
  return a === 203 && b === 0 && c === 113;
}

function findIpv6({ text, assigns }: Scan, near: NearWords, hits: Hit[]): void {
  let after = 0;
  for (const at of assigns) {
    if (at < after || text.charCodeAt(at) !== COLON) continue;
    if (!isHexOrColon(text.charCodeAt(at + 1))) continue;
    let start = at;
    while (start > after && at - start < 4 && isHex(text.charCodeAt(start - 1))) start--;
    if (isWordCode(text.charCodeAt(start - 1))) start = at + 1;
    let end = at + 1;
    while (isHexOrColon(text.charCodeAt(end)) || isDotOfAddress(text, end)) end++;
    after = end;
    const hit = ipv6Hit(text, start, end, near);
    if (hit !== undefined) hits.push(hit);
  }
}

function ipv6Hit(text: string, start: number, written: number, near: NearWords): Hit | undefined {
  if (written - start > 45 || isWordCode(text.charCodeAt(start - 1))) return undefined;
  const end =
    text.charCodeAt(written - 1) === COLON && text.charCodeAt(written - 2) !== COLON ? written - 1 : written;
  if (isWordCode(text.charCodeAt(end))) return undefined;
  const value = text.slice(start, end).toLowerCase();
  if (value.length < 6 || !/\d/.test(value) || !isIPv6(value)) return undefined;
  const groups = value.split(":").filter(Boolean).length;
  return { detector: "pii/ip-address", level: ipv6Level(value, groups, near, start, end), start, end };
}

function ipv6Level(value: string, groups: number, near: NearWords, start: number, end: number): Level {
  if (groups < 3) return 4;
  const isGlobal = /^[23]/.test(value) && !/^(?:2001:0?db8|2002:|3fff)/.test(value);
  if (near.address(start, end)) return isGlobal || groups === 8 ? 1 : 3;
  return isGlobal ? 2 : 3;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

function isHexOrColon(code: number): boolean {
  return code === COLON || isHex(code);
}

/** The dots of `::ffff:192.0.2.1`. */
function isDotOfAddress(text: string, at: number): boolean {
  return text.charCodeAt(at) === DOT && isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1));
}
