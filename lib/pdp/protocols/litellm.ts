import { type Answer, mayProceed } from "../answer";
import { bearerOf } from "../authenticate";
import type { Door, DoorApp } from "../door";
import { type ForeignCall, foreignRoute, invalidBody } from "./foreign-route";
import { judgeTexts, type Sent, type Stated, type Verdict } from "./judge-texts";
import { maskPlaces } from "./places";
import { callsIn, member, messagePassages, type Passage, type Slot } from "./texts";

type Bag = Record<string, unknown>;

/**
 * LiteLLM's generic guardrail API. A streamed answer is asked about again and again while it grows: each text is one
 * decision. Of what LiteLLM tells about its own caller (keys, headers) only the person behind the request is read.
 */
export function litellm(app: DoorApp, door: Door): void {
  foreignRoute(app, door, {
    path: "/beta/litellm_basic_guardrail_api",
    credential: (headers) => {
      const key = headers["x-api-key"];
      return typeof key === "string" ? bearerOf(key) || key : undefined;
    },
    answer: (call) => answer(door, call),
    word: ({ detail, code, fields, id }) => ({ detail, code, ...(fields && { fields }), id }),
  });
}

async function answer(door: Door, { body, ...asking }: ForeignCall): Promise<object> {
  const { sent, written } = understoodLitellm(body);
  const verdict = await judgeTexts(door.service, asking, sent);
  const { proceeds, places, maskedCalls } = verdict;
  if (!proceeds || maskedCalls.length > 0 || places.some(({ slot }) => !written.has(slot))) {
    return { action: "BLOCKED", blocked_reason: reasonOf(verdict) };
  }
  if (places.length === 0) return { action: "NONE" };
  maskPlaces(places);
  const rewritten = places.some(({ slot }) => written.get(slot) === "structured_messages");
  return {
    action: "GUARDRAIL_INTERVENED",
    ...(Array.isArray(body["texts"]) && { texts: body["texts"] }),
    ...(rewritten && { structured_messages: body["structured_messages"] }),
  };
}

/** For the end user: what acted and why. Reasons of other findings may name people. */
function reasonOf({ answer, answers, acting, proceeds }: Verdict): string {
  const reasons = [...new Set(acting.map(({ reason }) => reason))];
  const held = answers.find(
    (one): one is Answer & { approval: object } => !mayProceed(one) && one.approval !== null,
  );
  const more = [
    ...(proceeds ? ["What must be masked cannot be masked here."] : []),
    ...(held === undefined ? [] : [`A person is asked under ${held.approval.ref}.`]),
  ];
  return [...reasons, ...more, `Decision ${answer.decisionId}.`].join(" ");
}

/** Each text of the body with the field in which a masked one reaches LiteLLM. */
type Written = Map<Slot, "texts" | "structured_messages">;

/** What a body asks, and which of its texts can be rewritten. Throws `invalid` naming a bad field. */
export function understoodLitellm(body: Bag): { sent: Sent; written: Written } {
  const isResponse = body["input_type"] === "response";
  if (!isResponse && body["input_type"] !== "request")
    throw invalidBody("input_type", "must be request or response");
  const texts = listAt(body, "texts");
  const structured = listAt(body, "structured_messages");
  const calls = callsIn(listAt(body, "tool_calls"));
  const written: Written = new Map();
  const passages = passagesOf(texts, isResponse && texts.length > 0 ? [] : structured, isResponse, written);
  const sent: Sent = {
    dialect: "litellm",
    action: isResponse ? "completion" : "prompt",
    stated: statedOf(body),
    texts: { passages, calls: isResponse ? calls : [] },
    callId: body["litellm_call_id"],
  };
  if (!isResponse && structured.length === 0) {
    const history = calls.map((call) => textOfCall(call.arguments)).filter(({ text }) => text !== "");
    if (history.length > 0) passages.push({ role: "assistant", slots: history });
  }
  return { sent, written };
}

/** Calls of the past cannot be rewritten unless they stand in messages. */
function textOfCall(given: unknown): Slot {
  const text =
    typeof given === "string" ? given : given === undefined || given === null ? "" : JSON.stringify(given);
  return { text, put: () => {} };
}

/**
 * The messages, and the texts that are in none of them. A text that stands in both is one, and is masked in both; then
 * `texts` alone carries it, for LiteLLM puts these back where it took them from.
 */
function passagesOf(
  texts: unknown[],
  structured: unknown[],
  isResponse: boolean,
  written: Written,
): Passage[] {
  const free = new Map<string, number[]>();
  for (const at of [...texts.keys()].reverse()) {
    const text = texts[at];
    if (typeof text !== "string") throw invalidBody(`texts.${at}`, "must be a text");
    const known = free.get(text);
    if (known === undefined) free.set(text, [at]);
    else known.push(at);
  }
  const passages = messagePassages(structured).map(({ role, slots }) => ({
    role,
    slots: slots.map((slot): Slot => {
      const at = free.get(slot.text)?.pop();
      const put = (masked: string) => {
        slot.put(masked);
        if (at !== undefined) texts[at] = masked;
      };
      const joined = { text: slot.text, put };
      written.set(joined, at === undefined ? "structured_messages" : "texts");
      return joined;
    }),
  }));
  const apart = [...free.values()].flat().sort((a, b) => a - b);
  for (const at of apart) {
    const text = texts[at] as string;
    const slot: Slot = {
      text,
      put: (masked) => {
        texts[at] = masked;
      },
    };
    written.set(slot, "texts");
    if (text !== "") passages.push({ role: isResponse ? "assistant" : "user", slots: [slot] });
  }
  return passages.filter(({ slots }) => slots.length > 0);
}

function listAt(body: Bag, key: string): unknown[] {
  const value = body[key];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw invalidBody(key, "must be a list");
}

function statedOf(body: Bag): Stated {
  const { request_data: data, additional_provider_specific_params: params } = body;
  return {
    useCase: member(params, "use_case"),
    purpose: member(params, "purpose"),
    task: member(params, "task"),
    dataClass: {
      path: "additional_provider_specific_params.data_class",
      value: member(params, "data_class"),
    },
    model: body["model"],
    actor: member(data, "user_api_key_end_user_id") ?? member(data, "user_api_key_user_id"),
    sessionId: member(params, "session_id"),
    traceId: body["litellm_trace_id"],
  };
}
