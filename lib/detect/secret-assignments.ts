import { bitsPerCharacter, isStandIn } from "@/lib/detect/randomness";
import type { Token } from "@/lib/detect/secret-tokens";
import type { Level } from "@/lib/detect/types";

/** The name before `=` or `:`, with quotes, spaces and the dashes of an option around it. */
const NAME_BEFORE = /([A-Za-z][\w.-]{1,60})["'`\]]{0,2}[ \t]{0,12}[?:+]{0,3}$/;
/** `<add key="ClearTextPassword" value="…"`. */
const KEY_ATTRIBUTE_BEFORE = /\bkey\s?=\s?["']([\w.:-]{2,60})["']\s{1,12}value\s?$/i;
const VALUE_AFTER =
  /[=:>]{0,3}[ \t]{0,12}(?:(?:bearer|basic|token) {1,3})?["'`]{0,3}([^\s"'`<>,;(){}[\]\\]{6,512})/iy;

const SECRET_NAME =
  /(?:pass(?:word|wd|phrase|code)|(?:^|[_.-])(?:pass|pwd|pw)$|pwd|secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key|encryption[_.-]?key|signing[_.-]?key|account[_.-]?key|auth(?:orization)?(?:[_.-]?key)?$|credentials?$|(?:^|[_.-])key$|[a-z]Key$|client[_.-]?srt|login$)/i;
const NOT_SECRET_NAME =
  /(?:public|max|min|num|count|total|used|prompt|completion|input|output|length|size|(?:_|[a-z])id$|_?(?:url|uri|name|path|file|type|ttl|expiry|expires(?:_in)?|field|policy|version|reset)$)|^(?:primary|foreign|sort|partition|keyboard|csrf)/i;
const NOT_A_VALUE =
  /^(?:true|false|null|none|undefined|nil|string|required|optional|unknown|process\.env|os\.|var\.|self\.|this\.|data\.|config\.|env\.|https?:|file:|\/|\.|@|%|\$)|[)(]/i;

/** A provider's name and what its keys look like when nothing in them says so. */
const PROVIDER_VALUES: readonly (readonly [RegExp, RegExp])[] = [
  [/snyk|hubspot|heroku|pipedrive|postmark/i, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i],
  [/sonar/i, /^[0-9a-z]{40}$/i],
  [/sumo.*access_?id/i, /^su[a-zA-Z0-9]{12}$/],
  [/sumo/i, /^[a-z0-9]{64}$/i],
  [/mailchimp/i, /^[0-9a-f]{32}-us\d{1,2}$/],
  [/okta/i, /^00[\w=-]{40}$/],
  [/aws.*secret|secret_?access_?key/i, /^[A-Za-z0-9/+=]{40}$/],
  [/azure|storage|account_?key/i, /^[A-Za-z0-9+/]{86}==$/],
  [/maxmind/i, /^\w{6}_\w{29}_mmk$/],
  [/meraki/i, /^[0-9a-f]{40}$/],
  [/contribsys|sidekiq/i, /^[0-9a-f]{8}:[0-9a-f]{8}$/],
  [
    /datadog|dd_?(?:api|app)|cohere|mistral|deepgram|eleven|weaviate|together|azure_?openai|stability/i,
    /^[A-Za-z0-9]{32,64}$/,
  ],
];
const SIDEKIQ = /contribsys|sidekiq/i;

/** The value given to a secret's name around the `=` or `:` at `sign`. */
export function assignmentAt(text: string, sign: number): Token | undefined {
  const name = nameBefore(text, sign);
  if (name === undefined) return undefined;
  VALUE_AFTER.lastIndex = sign + 1;
  const found = VALUE_AFTER.exec(text);
  const value = found?.[1]?.replace(/[.!?]+$/, "");
  if (found === null || value === undefined || value.length < 6) return undefined;
  const level = assignmentLevel(name, value);
  if (level === undefined) return undefined;
  const start = sign + 1 + found[0].length - (found[1]?.length ?? 0);
  return { start, end: start + value.length, level };
}

function nameBefore(text: string, sign: number): string | undefined {
  const before = text.slice(Math.max(0, sign - 80), sign);
  const name = NAME_BEFORE.exec(before)?.[1];
  if (name === undefined) return undefined;
  const real = name.toLowerCase() === "value" ? (KEY_ATTRIBUTE_BEFORE.exec(before)?.[1] ?? name) : name;
  const means = SECRET_NAME.test(real) || PROVIDER_VALUES.some(([provider]) => provider.test(real));
  return means ? real : undefined;
}

function assignmentLevel(name: string, value: string): Level | undefined {
  if (isStandIn(value) && !/^[0-9a-f-]{36}$/i.test(value)) return undefined;
  for (const [provider, shape] of PROVIDER_VALUES) if (provider.test(name) && shape.test(value)) return 2;
  if (SIDEKIQ.test(name) || !SECRET_NAME.test(name)) return undefined;
  if (NOT_SECRET_NAME.test(name) || NOT_A_VALUE.test(value)) return undefined;
  const bits = bitsPerCharacter(value);
  const mixed = /\d/.test(value) && /[A-Za-z]/.test(value);
  if (mixed && value.length >= 12 && bits >= 3) return 3;
  if (/pass|pwd|secret/i.test(name) && bits > 2 && (mixed || /[^\w]/.test(value))) return 3;
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
