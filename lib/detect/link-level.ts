import type { Level } from "@/lib/detect/types";

/** Hosts that hide where a link leads. */
const SHORTENERS = new Set(
  (
    "bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy t.ly tiny.cc " +
    "bl.ink s.id lnkd.in soo.gd clck.ru qr.ae adf.ly shorte.st mcaf.ee dlvr.it x.gd u.to 1url.com short.io surl.li n9.cl " +
    "ouo.io urlz.fr tny.im kutt.it snip.ly trib.al linktr.ee webhook.site requestbin.com requestbin.net " +
    "pipedream.net ngrok.io ngrok.app ngrok-free.app trycloudflare.com loca.lt serveo.net oast.fun oast.pro oast.live " +
    "oast.site oast.online oast.me interact.sh burpcollaborator.net beeceptor.com hookbin.com transfer.sh file.io pastebin.com"
  ).split(" "),
);

/** Top-level domains that Spamhaus and Interisle's phishing landscape name for their share of abuse. */
const SUSPICIOUS_TLDS = new Set(
  (
    "zip mov tk ml ga cf gq top xyz click link work country stream download loan win bid date racing review party " +
    "trade science faith accountant cricket men rest fit cam icu buzz cyou cfd sbs bond quest monster hair skin beauty " +
    "mom lol autos boats surf onion"
  ).split(" "),
);

const MISLEADING = /^[a-z]{2,6}:(?:[\\/]?[^\\/]|[\\/]{0,8}\\|[\\/]{3}|\/\/[^/?#]*%)/i;

/** What to know of a link beside its URL. */
interface LinkContext {
  /** As it stands in the text. */
  raw: string;
  /** An image of Markdown or HTML: fetched without a click. */
  image: boolean;
}

/**
 * How unknown a link is by itself, before any list of approved destinations.
 * - L1: the address is made to mislead: an IP address, punycode or letters beyond ASCII in the host, a user part,
 *   `data:`, `javascript:`, backslashes for slashes, escapes in the host.
 * - L2: the place is hidden or of bad name (shorteners, request catchers, tunnels, abused top-level domains),
 *   a port other than 80, 443, 8080 and 8443, or an image with a query (sends data with no click).
 * - L3: a link whose query, fragment, path or host carries data.
 * - L4: any other link, bare domains too.
 */
export function linkLevel(url: URL, { raw, image }: LinkContext): Level {
  const host = url.hostname.endsWith(".") ? url.hostname.slice(0, -1) : url.hostname;
  if (isMisleading(url, host, raw)) return 1;
  if (isHidden(host) || (oddPort(url.port) && host !== "localhost") || (image && url.search.length > 1))
    return 2;
  return carriesData(url, host) ? 3 : 4;
}

/** The same for a host with nothing around it, in small ASCII letters. */
export function bareHostLevel(host: string): Level {
  if (isHidden(host)) return 2;
  return hasLongLabel(host) ? 3 : 4;
}

function hasLongLabel(host: string): boolean {
  return host.length >= 32 && host.split(".").some((label) => label.length >= 32);
}

function isMisleading(url: URL, host: string, raw: string): boolean {
  if (isIpAddress(host) || host.startsWith("xn--") || host.includes(".xn--")) return true;
  if (url.username !== "" || url.password !== "") return true;
  return MISLEADING.test(raw);
}

/** The URL parser has already turned decimal, octal and hexadecimal forms into dotted ones. */
function isIpAddress(host: string): boolean {
  const last = host.charCodeAt(host.length - 1);
  return host.startsWith("[") || (last >= 48 && last <= 57 && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host));
}

function isHidden(host: string): boolean {
  const dot = host.lastIndexOf(".");
  if (SUSPICIOUS_TLDS.has(host.slice(dot + 1))) return true;
  return SHORTENERS.has(host.slice(host.lastIndexOf(".", dot - 1) + 1));
}

function oddPort(port: string): boolean {
  return port !== "" && !["80", "443", "8080", "8443"].includes(port);
}

function carriesData(url: URL, host: string): boolean {
  if (url.search.length > 1) return true;
  const { hash, pathname } = url;
  if (hash.length > 32 || hash.includes("=")) return true;
  if (hasLongLabel(host)) return true;
  if (pathname.length < 4) return false;
  return pathname
    .split("/", 64)
    .some((segment) => segment.length >= 24 || /\d{8,}|%[0-9a-f]{2}/i.test(segment));
}
