import { bitsPerCharacter, isStandIn } from "@/lib/detect/randomness";
import { isWordCode } from "@/lib/detect/scan";
import type { Token } from "@/lib/detect/secret-tokens";
import type { Level } from "@/lib/detect/types";

/** `<add key="ClearTextPassword" value="…"`. */
const KEY_ATTRIBUTE_BEFORE = /\bkey\s?=\s?["']([\w.:-]{2,60})["']\s{1,12}value\s?$/i;
const VALUE_AFTER =
  /[=:>]{0,3}[ \t]{0,12}(?:(?:bearer|basic|token) {1,3})?["'`]{0,3}([^\s"'`<>,;(){}[\]\\]{6,512})/iy;

const SECRET_NAME =
  /(?:pass(?:word|wd|phrase|code)|(?:^|[_.-])(?:pass|pwd|pw)$|pwd$|secret|(?<!jsonweb)token|api[_.-]?key|access[_.-]?key|private[_.-]?key|encryption[_.-]?key|signing[_.-]?key|account[_.-]?key|auth(?:orization)?(?:[_.-]?key)?$|credentials?$|(?:^|[_.-])key$|[a-z]Key$|client[_.-]?srt)/i;
/** Many things are keys; these only count when the value looks made by a machine. */
const VAGUE_NAME = /(?:^|[_.-]|[a-z])key$|auth(?:orization)?$|credentials?$|token/i;
const NOT_SECRET_NAME =
  /(?:public|max|min|num|count|total|used|prompt|completion|input|output|length|size|bucket|schema|sequence|cache|sort|vault|kms|(?:_|[a-z])id$|_?(?:url|uri|name|path|file|type|ttl|expiry|expires(?:_in)?|field|policy|version|reset)$)|^(?:primary|foreign|sort|partition|keyboard|csrf)/i;
const NOT_A_VALUE =
  /^(?:true|false|null|none|undefined|nil|string|required|optional|unknown|process\.env|os\.|var\.|self\.|this\.|data\.|config\.|env\.|https?:|file:|\/|\.|@|%|\$)|[)(]/i;

/** A provider's name and what its keys look like when nothing in them says so. */
const PROVIDER_VALUES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /(?:^|[^a-z])(?:snyk|hubspot|heroku|pipedrive|postmark)/i,
    /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  ],
  [/(?:^|[^a-z])sonar/i, /^[0-9a-z]{40}$/i],
  [/(?:^|[^a-z])sumo.{0,8}access_?id/i, /^su[a-zA-Z0-9]{12}$/],
  [/(?:^|[^a-z])sumo(?:logic)?[._-]?access/i, /^[a-z0-9]{64}$/i],
  [/mailchimp/i, /^[0-9a-f]{32}-us\d{1,2}$/],
  [/(?:^|[^a-z])okta/i, /^00[\w=-]{40}$/],
  [/aws.*secret|secret_?access_?key/i, /^[A-Za-z0-9/+=]{40}$/],
  [/azure|storage|account_?key/i, /^[A-Za-z0-9+/]{86}==$/],
  [/maxmind/i, /^\w{6}_\w{29}_mmk$/],
  [/(?:^|[^a-z])meraki/i, /^[0-9a-f]{40}$/],
  [/contribsys|sidekiq/i, /^[0-9a-f]{8}:[0-9a-f]{8}$/],
  [
    /datadog|dd_?(?:api|app)|cohere|mistral|deepgram|eleven|weaviate|together|azure_?(?:openai|ai|api)|stability|wandb|assembly_?ai|sambanova|deepinfra|ai21/i,
    /^[A-Za-z0-9]{32,64}$/,
  ],
  [/portkey/i, /^[A-Za-z0-9+/]{26,44}={0,2}$/],
];
const SIDEKIQ = /contribsys|sidekiq/i;

/** What stands around one `=` or `:`. Nothing before `end` needs another look. */
interface Assignment {
  end: number;
  token: Token | undefined;
}

/** The value given to a secret's name around the `=` or `:` at `sign`. */
export function assignmentAt(text: string, sign: number): Assignment {
  const name = nameBefore(text, sign);
  if (name === undefined) return { end: sign, token: undefined };
  VALUE_AFTER.lastIndex = sign + 1;
  const found = VALUE_AFTER.exec(text);
  if (found === null) return { end: sign, token: undefined };
  const end = sign + 1 + found[0].length;
  const start = end - (found[1]?.length ?? 0);
  const value = text.slice(start, end).replace(/[.!?]{1,9}$/, "");
  const level = value.length < 6 ? undefined : assignmentLevel(name, value);
  return { end, token: level === undefined ? undefined : { start, end: start + value.length, level } };
}

/** The name left of the sign, past quotes, spaces and the signs of `:=` or `?=`; at most 60 characters. */
function nameBefore(text: string, sign: number): string | undefined {
  let end = back(text, sign, 3, "?:+");
  end = back(text, end, 12, " \t");
  end = back(text, end, 2, "\"'`]");
  let start = end;
  while (start > 0 && end - start < 60 && isNameCode(text.charCodeAt(start - 1))) start--;
  if (end - start < 2) return undefined;
  const name = text.slice(start, end);
  const real = name.toLowerCase() === "value" ? (keyAttribute(text, sign) ?? name) : name;
  const means = SECRET_NAME.test(real) || PROVIDER_VALUES.some(([provider]) => provider.test(real));
  return means ? real : undefined;
}

function back(text: string, from: number, most: number, signs: string): number {
  let at = from;
  while (at > 0 && from - at < most && signs.includes(text.charAt(at - 1))) at--;
  return at;
}

function isNameCode(code: number): boolean {
  return (isWordCode(code) && code < 128) || code === 95 || code === 45 || code === 46;
}

function keyAttribute(text: string, sign: number): string | undefined {
  return KEY_ATTRIBUTE_BEFORE.exec(text.slice(Math.max(0, sign - 80), sign))?.[1];
}

function assignmentLevel(name: string, value: string): Level | undefined {
  if (isStandIn(value) && !/^[0-9a-f-]{36}$/i.test(value)) return undefined;
  for (const [provider, shape] of PROVIDER_VALUES) {
    if (provider.test(name) && shape.test(value) && bitsPerCharacter(value) > 2.2) return 2;
  }
  if (SIDEKIQ.test(name) || !SECRET_NAME.test(name)) return undefined;
  if (NOT_SECRET_NAME.test(name) || NOT_A_VALUE.test(value)) return undefined;
  const bits = bitsPerCharacter(value);
  const mixed = /\d/.test(value) && /[A-Za-z]/.test(value);
  if (mixed && value.length >= 12 && bits >= 3) return 3;
  if (/pass|pwd|secret/i.test(name) && bits > 2 && (mixed || /[^\w]/.test(value))) return 3;
  if (VAGUE_NAME.test(name) && !mixed && value.length < 16) return undefined;
  return bits > 2 ? 4 : undefined;
}

const SAID =
  /\b(?:password|passphrase|passcode|pass code|pin code|secret key|api key|access token)(?: (?:for|to|of|on) [\w ]{1,30})? (?:is|was)(?: now| currently)? ["'`]?([^\s"'`,;]{4,100})/gi;
const ORDINARY = /^[a-z]+[.!?:]*$/;

/** "The password is Tr0ub4dor&3": only values that are no ordinary word. */
export function passwordSaid(text: string): Token[] {
  if (!/ (?:is|was) /i.test(text)) return [];
  const tokens: Token[] = [];
  for (const match of text.matchAll(SAID)) {
    const value = match[1]?.replace(/[.!?:]+$/, "") ?? "";
    if (value.length < 4 || ORDINARY.test(value) || isStandIn(value)) continue;
    const start = match.index + match[0].length - (match[1]?.length ?? 0);
    tokens.push({ start, end: start + value.length, level: 4 });
  }
  return tokens;
}

const KIND_SECRET = /^\s{0,40}kind:\s{0,10}["']?secret\b/im;
const DATA_LINE = /^([ \t]{0,40})(?:data|stringData):[ \t]{0,40}$/i;
const ENTRY = /^[ \t]{1,40}[\w.-]{1,100}:[ \t]{0,20}["']?([A-Za-z0-9+/]{10,}={0,2})["']?[ \t]*$/;
const BLOCK = /^[ \t]{2,40}([A-Za-z0-9+/]{16,}={0,2})[ \t]*$/;

/** Base64 values under `data:` of a Kubernetes manifest of `kind: Secret`. */
export function kubernetesSecrets(text: string): Token[] {
  if (!text.includes("apiVersion:") || !KIND_SECRET.test(text)) return [];
  const tokens: Token[] = [];
  let at = 0;
  let inData = false;
  for (const line of text.split("\n")) {
    const value = inData ? (ENTRY.exec(line)?.[1] ?? BLOCK.exec(line)?.[1]) : undefined;
    if (value !== undefined) {
      const start = at + line.indexOf(value);
      tokens.push({ start, end: start + value.length, level: 2 });
    }
    if (DATA_LINE.test(line)) inData = true;
    else if (/^\s{0,2}[a-z]\w*:/i.test(line) && value === undefined) inData = false;
    at += line.length + 1;
  }
  return tokens;
}
