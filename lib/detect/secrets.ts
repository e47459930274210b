import { bitsPerCharacter, isStandIn, isStandInToken } from "@/lib/detect/randomness";
import { isWordCode, keepSurest, LONG_WORD, type Scan } from "@/lib/detect/scan";
import { assignmentAt, kubernetesSecrets, passwordSaid } from "@/lib/detect/secret-assignments";
import { type Token, tokenAt } from "@/lib/detect/secret-tokens";
import type { Hit, Level } from "@/lib/detect/types";

const MIN_BITS = 2.8;
const USER_AND_PASSWORD = /:\/\/[^\s:@/]{0,100}:([^\s@/]{3,200})@[^\s/@]/y;
const AZURE_SECRET = /^[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const PRIVATE_KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const SLACK_HOOK = /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{20,120}/g;

/**
 * `secrets`: credentials in the forms their issuers print, and values given to names that mean one.
 * - L1: an issuer's own form (beginning, alphabet, length), a private key.
 * - L2: forms that other things may share (JSON web tokens), `scheme://user:password@host`, a Kubernetes secret,
 *   a value of a provider's form beside the provider's name.
 * - L3: a name such as `api_key` or `password` with a value that looks made by a machine.
 * - L4: such a name with any other value, "the password is …", and stand-ins in an issuer's form.
 */
export function findSecrets(scan: Scan, hits: Hit[]): void {
  const found: Hit[] = [];
  const add = (token: Token | undefined) => {
    if (token !== undefined) found.push({ detector: "secrets", ...token });
  };
  findTokens(scan, add);
  findWebTokens(scan, add);
  findPrivateKeys(scan.text, add);
  findAzureSecrets(scan.text, add);
  findAzureKeys(scan.text, add);
  for (const match of scan.text.matchAll(SLACK_HOOK)) {
    add({ start: match.index, end: match.index + match[0].length, level: 1 });
  }
  for (const colon of scan.colons) add(userAndPassword(scan.text, colon));
  findAssignments(scan, add);
  for (const token of kubernetesSecrets(scan.text)) add(token);
  for (const token of passwordSaid(scan.text)) add(token);
  if (found.length > 0) hits.push(...keepSurest(found));
}

/** Credentials begin where a long word begins, or after a sign in it. */
function findTokens({ text, words }: Scan, add: (token: Token) => void): void {
  for (let w = 0; w < words.length; w += 2) {
    const end = words[w + 1] as number;
    for (let at = words[w] as number; at <= end - LONG_WORD; at++) {
      if (isWordCode(text.charCodeAt(at - 1)) && at !== words[w]) continue;
      const token = tokenAt(text, at);
      if (token === undefined) continue;
      add({ ...token, level: weakened(text.slice(token.start, token.end), token.level) });
      at = token.end - 1;
    }
  }
}

const SEGMENT_END = /eyJ[\w-]{10,}$/;
const SEGMENT = /^[\w-]{10,}/;

/** JSON web tokens: read by the dots of a word, because their parts may be long and a word may hold many beginnings. */
function findWebTokens({ text, words }: Scan, add: (token: Token) => void): void {
  if (!text.includes(".eyJ")) return;
  for (let w = 0; w < words.length; w += 2) {
    const parts = text.slice(words[w], words[w + 1]).split(".");
    let at = words[w] as number;
    for (const [i, part] of parts.entries()) {
      const end = at + part.length;
      const head = parts[i + 1]?.startsWith("eyJ") ? headOf(part) : undefined;
      const tail = SEGMENT.exec(parts[i + 2] ?? "")?.[0];
      if (
        head !== undefined &&
        tail !== undefined &&
        SEGMENT.exec(parts[i + 1] ?? "")?.[0] === parts[i + 1]
      ) {
        const start = end - head.length;
        const token = { start, end: end + 2 + (parts[i + 1] as string).length + tail.length };
        add({ ...token, level: weakened(text.slice(token.start, token.end), 2) });
      }
      at = end + 1;
    }
  }
}

/** The first part of a token at the end of what stands before a dot. */
function headOf(part: string): string | undefined {
  const run = part.slice(Math.max(part.lastIndexOf("~"), part.lastIndexOf("+"), part.lastIndexOf("/")) + 1);
  const first = run.indexOf("eyJ");
  return first >= 0 && SEGMENT_END.test(run.slice(first)) ? run.slice(first) : undefined;
}

function findAssignments({ text, assigns }: Scan, add: (token: Token | undefined) => void): void {
  let after = 0;
  for (const sign of assigns) {
    if (sign < after) continue;
    const { end, token } = assignmentAt(text, sign);
    add(token);
    after = end;
  }
}

function weakened(value: string, level: Level): Level {
  return isStandInToken(value) || bitsPerCharacter(value) < MIN_BITS ? 4 : level;
}

function findPrivateKeys(text: string, add: (token: Token) => void): void {
  for (let at = text.indexOf("-----BEGIN "); at >= 0; at = text.indexOf("-----BEGIN ", at + 1)) {
    PRIVATE_KEY.lastIndex = at;
    const head = PRIVATE_KEY.exec(text);
    if (head === null) continue;
    const bodyAt = at + head[0].length;
    const body = text.slice(bodyAt, bodyAt + 8192);
    const tail = PRIVATE_KEY_END.exec(body);
    const end =
      tail === null
        ? bodyAt + /^[\sA-Za-z0-9+/=\\:,.-]*/.exec(body)![0].length
        : bodyAt + tail.index + tail[0].length;
    add({ start: at, end, level: end - bodyAt > 64 ? 1 : 4 });
    at = end - 1;
  }
}

function findAzureSecrets(text: string, add: (token: Token) => void): void {
  for (let at = text.indexOf("Q~"); at >= 0; at = text.indexOf("Q~", at + 1)) {
    if (at < 4) continue;
    const found = AZURE_SECRET.exec(text.slice(at - 4, at + 38))?.[0];
    if (found === undefined || /[\w~.-]/.test(text.charAt(at - 5))) continue;
    add({ start: at - 4, end: at - 4 + found.length, level: weakened(found, 1) });
  }
}

/** Azure AI services since 2025: the mark stands behind 52 characters, 84 in all. */
function findAzureKeys(text: string, add: (token: Token) => void): void {
  for (let at = text.indexOf("JQQJ99"); at >= 0; at = text.indexOf("JQQJ99", at + 1)) {
    const start = at - 52;
    if (start < 0 || !/^[A-Za-z0-9]{84}(?![A-Za-z0-9])/.test(text.slice(start, start + 85))) continue;
    if (/[A-Za-z0-9]/.test(text.charAt(start - 1))) continue;
    add({ start, end: start + 84, level: weakened(text.slice(start, start + 84), 1) });
  }
}

function userAndPassword(text: string, colon: number): Token | undefined {
  if (text.charCodeAt(colon + 1) !== 47) return undefined;
  USER_AND_PASSWORD.lastIndex = colon;
  const found = USER_AND_PASSWORD.exec(text);
  const password = found?.[1];
  if (found === null || password === undefined) return undefined;
  const end = colon + found[0].length - 2;
  return { start: end - password.length, end, level: isStandIn(password) ? 4 : 2 };
}
