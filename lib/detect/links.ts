import { LinkifyIt } from "linkify-it";
import { bareHostLevel, linkLevel } from "@/lib/detect/link-level";
import type { Scan } from "@/lib/detect/scan";
import type { Hit } from "@/lib/detect/types";

/** Words with a link in them are read in windows of this many characters, so that no text costs more than its length. */
const WINDOW = 1024;
const LOOK_BACK = 256;

const finder = new LinkifyIt({
  fuzzyLink: true,
  fuzzyEmail: false,
  fuzzyIP: false,
  urlAuth: true,
  maxLength: WINDOW,
});
finder.add("mailto:", null).add("//", null);
finder.tlds("xyz app dev site online icu onion cloud tech".split(" "), true);

const DELIMITER = /[\s<>"`]/;
/** Forms the URL parser of a browser accepts and the link finder does not: `http:\\host`, `https:host`, `//host`. */
const LENIENT = /(?:\b(?:https?|ftp):[\\/]{0,8}|(?<![\w:/\\.-])\/\/(?=[\w-]{1,63}\.[\w]))[^\s<>"'`)\]]{3,}/gi;
const NUMERIC_HOST = /(?<![\w.:/@-])(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5}\b|(?:\/[a-z_]))[^\s<>"'`)]*/gi;
/** Nothing but a host, as the URL parser would leave it; `xn--` and numbers need that parser. */
const BARE_HOST = /^(?:[a-z](?:[a-z0-9]|-(?!-))*\.)+[a-z]{2,}$/;
const PARENTHESIS = 40;
const LESS = 60;
const DOUBLE_QUOTE = 34;
const QUOTE = 39;
const EQUALS = 61;
const SPACE = 32;
const SCRIPT = /^(?:javascript|vbscript|data)$/i;
const DATA_LINK = /:[a-z]{1,20}\/[a-z0-9.+-]{1,60}[;,]\S{1,2000}/iy;
const SCRIPT_LINK = /:[^\s:][^\s]{1,2000}/y;
/** Endings of files that are also countries. */
const FILE_NAME = /^[\w-]+\.(?:md|py|sh|rs|pl|cc|so|ps|mk|mm|vb|am|pm|la|gz|do|st|in|ai|pub|app|zip|mov)$/i;

/**
 * `unknown-links`: every link, with its host and how odd it is (`linkLevel`). Which of them are unknown is for
 * the policy to say, by its destinations. A link that goes on past its window ends where its word ends, so that
 * masking leaves nothing of it; what else stands in that word is still looked at.
 * `data:` and `javascript:` links stand under these words as host.
 */
export function findLinks(scan: Scan, hits: Hit[]): void {
  const { text } = scan;
  let after = 0;
  let word = 0;
  for (const at of inOrder(scan.colons, scan.dots)) {
    if (at < after) continue;
    const script = scriptAt(text, at);
    if (script !== undefined) {
      hits.push(script);
      after = script.end;
      continue;
    }
    const end = wordEnd(text, at, at + WINDOW);
    const known = hits.length;
    linksIn(text, windowStart(text, at, after), end, hits);
    const last = hits.length > known ? hits.at(-1) : undefined;
    if (last?.end === end) {
      if (word < end) word = wordEnd(text, end);
      last.end = word;
    }
    after = end;
  }
  if (scan.digits.length > 0) findNumericHosts(text, hits);
}

function* inOrder(a: readonly number[], b: readonly number[]): Generator<number> {
  let j = 0;
  for (const at of a) {
    while (j < b.length && (b[j] as number) < at) yield b[j++] as number;
    yield at;
  }
  while (j < b.length) yield b[j++] as number;
}

function windowStart(text: string, at: number, floor: number): number {
  const lowest = Math.max(floor, at - LOOK_BACK);
  let start = at;
  while (start > lowest && !DELIMITER.test(text.charAt(start - 1))) start--;
  return start;
}

function wordEnd(text: string, at: number, most = text.length): number {
  const highest = Math.min(text.length, most);
  let end = at;
  while (end < highest && !DELIMITER.test(text.charAt(end))) end++;
  return end;
}

function linksIn(text: string, start: number, end: number, hits: Hit[]): void {
  const window = text.slice(start, end);
  const found = finder.match(window) ?? [];
  const links = found.filter((match) => match.schema !== "" || !isNoLink(window, match.index, match.raw));
  for (const { schema, raw, url, index } of links) {
    push(hits, schema === "" ? raw : url, text, start + index, raw);
  }
  if (!window.includes(":") && !window.includes("//")) return;
  let next = 0;
  for (const match of window.matchAll(LENIENT)) {
    while (next < links.length && (links[next]?.lastIndex ?? 0) <= match.index) next++;
    const host = (links[next]?.index ?? window.length) <= match.index ? undefined : hostOf(match[0]);
    if (host === undefined || !(host.includes(".") || host === "localhost")) continue;
    push(hits, match[0], text, start + match.index, match[0]);
  }
}

/** A file, the end of a sentence without its space ("home.In"), a part of an address. */
function isNoLink(window: string, index: number, raw: string): boolean {
  if (window.charAt(index + raw.length) === "@" || window.charAt(index - 1) === "@") return true;
  return FILE_NAME.test(raw) || /^[\w-]*[a-z]\.[A-Z][a-z]+$/.test(raw);
}

function push(hits: Hit[], address: string, text: string, start: number, raw: string): void {
  if (BARE_HOST.test(address)) {
    const level = bareHostLevel(address);
    hits.push({ detector: "unknown-links", level, start, end: start + raw.length, host: address });
    return;
  }
  const url = URL.parse(absolute(address));
  const name = url?.hostname ?? "";
  const host = name.endsWith(".") ? name.slice(0, -1) : name;
  if (url === null || host === "") return;
  const level = linkLevel(url, { raw, image: isImage(text, start) });
  hits.push({ detector: "unknown-links", level, start, end: start + raw.length, host });
}

function absolute(address: string): string {
  if (/^[a-z]{2,6}:/i.test(address)) return address;
  return `http:${address.startsWith("//") ? "" : "//"}${address}`;
}

function hostOf(address: string): string | undefined {
  return URL.parse(absolute(address))?.hostname;
}

/** `![…](` or `src="` stands before it. */
function isImage(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (before === PARENTHESIS || before === LESS)
    return /!\[[^\]\n]*\]\(<?$/.test(text.slice(Math.max(0, start - 160), start));
  const spaced = before === SPACE && text.charCodeAt(start - 2) === EQUALS;
  if (before !== DOUBLE_QUOTE && before !== QUOTE && before !== EQUALS && !spaced) return false;
  const part = text.slice(Math.max(0, start - 160), start);
  const tag = part.lastIndexOf("<");
  return tag >= 0 && /^<img\b[^>]*\bsrc\s?=\s?["']?$/i.test(part.slice(tag));
}

function scriptAt(text: string, colon: number): Hit | undefined {
  const scheme = /[a-z]{4,10}$/i.exec(text.slice(Math.max(0, colon - 10), colon))?.[0];
  if (scheme === undefined || !SCRIPT.test(scheme)) return undefined;
  const pattern = scheme.toLowerCase() === "data" ? DATA_LINK : SCRIPT_LINK;
  pattern.lastIndex = colon;
  const rest = pattern.exec(text)?.[0];
  if (rest === undefined) return undefined;
  const start = colon - scheme.length;
  const host = `${scheme.toLowerCase()}:`;
  return { detector: "unknown-links", level: 1, start, end: colon + rest.length, host };
}

/** `203.0.113.9:8080` and `203.0.113.9/path` without a scheme; a bare address is no link. */
function findNumericHosts(text: string, hits: Hit[]): void {
  for (const match of text.matchAll(NUMERIC_HOST)) push(hits, match[0], text, match.index, match[0]);
}
