import { invalidBody } from "./foreign-route";
import type { Sent } from "./judge-texts";
import { type Call, callsIn, isBag, member, type Passage, type Slot, slotsOf } from "./texts";
import { roleOf } from "./understand";

/** Where a text stands: its message, and how many UTF-16 units of the message's text are before it. */
export interface Standing {
  message: number;
  before: number;
}

export interface Screened {
  sent: Sent;
  standing: ReadonlyMap<Slot, Standing>;
  /** Index of the last message. */
  last: number;
}

const TRUSTED = new Set<unknown>(["system", "developer"]);

/**
 * What a body asks: the last interaction, from the last user's turn on, without the messages of the system, which are
 * trusted. Throws `invalid` naming a bad field.
 */
export function understoodLakera(body: Record<string, unknown>): Screened {
  const { messages, metadata, project_id: useCase } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalidBody("messages", "must be a list of messages");
  const bad = messages.findIndex((message) => !isBag(message));
  if (bad !== -1) throw invalidBody(`messages.${bad}`, "must be a message, such as { role, content }");
  const standing = new Map<Slot, Standing>();
  const passages: Passage[] = [];
  const calls: Call[] = [];
  const roles = messages.map((message) => member(message, "role"));
  for (let at = startOfLast(roles); at < messages.length; at++) {
    if (TRUSTED.has(roles[at])) continue;
    const slots = slotsOf(messages[at], "content", calls);
    callsIn(member(messages[at], "tool_calls"), calls);
    let before = 0;
    for (const slot of slots) {
      standing.set(slot, { message: at, before });
      before += slot.text.length + 1;
    }
    if (slots.length > 0) passages.push({ role: roleOf(roles[at]), slots });
  }
  const sent: Sent = {
    dialect: "lakera",
    action: actionOf(roles),
    stated: {
      useCase,
      actor: member(metadata, "user_id"),
      sessionId: member(metadata, "session_id"),
      traceId: member(metadata, "internal_request_id"),
    },
    texts: { passages, calls },
  };
  return { sent, standing, last: messages.length - 1 };
}

/** Before the last answer and the turn that it answers stands an earlier answer, or nothing. */
function startOfLast(roles: readonly unknown[]): number {
  const turns = roles.map((role) =>
    TRUSTED.has(role) ? "trusted" : role === "assistant" ? "answer" : "turn",
  );
  let at = turns.length - 1;
  while (at >= 0 && turns[at] !== "turn") at--;
  while (at >= 0 && turns[at] !== "answer") at--;
  return at + 1;
}

function actionOf(roles: readonly unknown[]): Sent["action"] {
  const last = roles.findLast((role) => !TRUSTED.has(role));
  if (last === "assistant") return "completion";
  return last === "tool" || last === "function" ? "tool_result" : "prompt";
}

/** Offsets in UTF-16 units as offsets in Unicode code points of the same text. */
export function codePointsOf(text: string): (offset: number) => number {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return (offset) => offset;
  const points = new Uint32Array(text.length + 1);
  let count = 0;
  for (let at = 0; at < text.length; ) {
    const width = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    points[at] = count;
    if (width === 2) points[at + 1] = count;
    at += width;
    count += 1;
  }
  points[text.length] = count;
  return (offset) => points[offset] ?? count;
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  "prompt-attack": "prompt_attack",
  "pii/credit-card": "pii/credit_card",
  "pii/iban": "pii/iban_code",
  "pii/ip-address": "pii/ip_address",
  "pii/phone": "pii/phone_number",
  "pii/us-ssn": "pii/us_social_security_number",
  "unknown-links": "unknown_links",
};

/** A control under the name that Lakera's clients know it by, where there is one. */
export function detectorType(control: string): string {
  return OTHER_NAMES[control] ?? control.replace(/^moderation\//, "moderated_content/");
}
