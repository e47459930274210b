import { LIMITS } from "../request";
import { roleOf } from "./understand";

/** One text in a body, and how a masked one is put in its place. */
export interface Slot {
  text: string;
  put(masked: string): void;
}

/** What one message says: texts in reading order. */
export interface Passage {
  role: ReturnType<typeof roleOf>;
  slots: Slot[];
}

/** A call of a tool in a model's answer. */
export interface Call {
  name: unknown;
  /** As it was sent: an object, or its JSON. */
  arguments: unknown;
  put(masked: unknown): void;
}

export interface Texts {
  passages: Passage[];
  calls: Call[];
}

type Bag = Record<string, unknown>;
type Holder = Bag | unknown[];

/** What is structure, a reference or binary in the bodies of chat protocols, with all that is under it. Everything else is looked into. */
const NO_TEXT = new Set(
  `annotations audio_url cache_control call_id created created_at detail encrypted_content file_data file_id
   file_url finish_reason format id image_url index input_audio logprobs media_type mime_type model object role
   service_tier signature status stop_reason stop_sequence system_fingerprint tool_call_id tool_use_id type url
   usage`.split(/\s+/),
);
/** How a model is to be run, whose call it is and with which key: at the top of a request's body these are never part of its text. */
const SETTINGS = new Set(
  `anthropic_beta anthropic_version api_base api_key api_version apiKey audio authorization base_url background container dimensions encoding_format extra_headers frequency_penalty
   generation_config generationConfig headers include inference_geo labels logit_bias logprobs max_completion_tokens
   max_output_tokens max_tokens max_tokens_to_sample metadata min_p modalities model n organization parallel_tool_calls
   presence_penalty previous_response_id prompt_cache_key prompt_cache_retention provider reasoning reasoning_effort
   repetition_penalty route safety_identifier safety_settings safetySettings seed service_tier stop stop_sequences
   store stream stream_options temperature thinking tool_choice tool_config toolConfig top_k top_logprobs top_p
   truncation user verbosity`.split(/\s+/),
);
/** What those who run the application write, not those who use it. */
const OPERATORS = new Set(
  "functions instructions preamble response_format system system_instruction systemInstruction text tools".split(
    " ",
  ),
);
/** Under these every value belongs to a tool call, whatever it is called. */
const ARGUMENTS = ["arguments", "input", "args"] as const;
/** Under these stands what a tool or a document holds, as Google, Amazon and Cohere write it: values of any name. */
const BROUGHT = new Set(["response", "json", "data"]);
/** Under these a model is given a text as a text, whatever it looks like. */
const READ = new Set(
  "completion content input input_text instructions output output_text prefix prompt query suffix system text".split(
    " ",
  ),
);

export function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of an object, undefined for anything else. */
export function member(value: unknown, key: string): unknown {
  return isBag(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/**
 * What a request body of a chat, completion, embedding or responses API sends to a model: everything that is no setting,
 * so that a field of tomorrow is read today. Calls in it are history: texts.
 */
export function promptTexts(json: unknown): Texts {
  let passages: Passage[] = [];
  if (!isBag(json)) return { passages, calls: [] };
  const keys = Object.keys(json).filter((key) => !SETTINGS.has(key));
  for (const key of keys.filter((each) => OPERATORS.has(each))) add(passages, "system", json, key);
  for (const key of keys.filter((each) => !OPERATORS.has(each))) {
    const value = json[key];
    if (Array.isArray(value)) passages = passages.concat(messagePassages(value).filter(hasText));
    else add(passages, "user", json, key);
  }
  return { passages, calls: [] };
}

/** What a model answered in any of these APIs; its calls of tools stand apart. */
export function completionTexts(json: unknown): Texts {
  const passages: Passage[] = [];
  const calls: Call[] = [];
  if (!isBag(json)) return { passages, calls };
  for (const key of ["choices", "content", "output", "candidates", "output_text", "completion"]) {
    const value = json[key];
    if (Array.isArray(value)) for (const at of value.keys()) add(passages, "assistant", value, at, calls);
    else add(passages, "assistant", json, key, calls);
  }
  return { passages, calls };
}

/** Each message of a list as a passage. With `calls`, those of tools are put there instead. */
export function messagePassages(messages: unknown[], calls?: Call[]): Passage[] {
  return messages.map((message, at) => ({
    role: roleAt(message),
    slots: slotsOf(messages, at, calls),
  }));
}

/** The calls in a list such as `tool_calls`, after those that are known. */
export function callsIn(list: unknown, calls: Call[] = []): Call[] {
  if (Array.isArray(list)) for (const at of list.keys()) slotsOf(list, at, calls);
  return calls;
}

/** Passages within the number of messages that a request may have: the oldest are put together, none goes unseen. */
export function boundedPassages(passages: readonly Passage[]): Passage[] {
  const surplus = passages.length - LIMITS.messages;
  if (surplus <= 0) return [...passages];
  const oldest = passages.slice(0, surplus + 1).flatMap(({ slots }) => slots);
  return [{ role: "user", slots: oldest }, ...passages.slice(surplus + 1)];
}

function hasText({ slots }: Passage): boolean {
  return slots.length > 0;
}

function roleAt(message: unknown): Passage["role"] {
  const type = member(message, "type");
  return typeof type === "string" && type.endsWith("_output") ? "tool" : roleOf(member(message, "role"));
}

function add(
  passages: Passage[],
  role: Passage["role"],
  holder: Holder,
  key: string | number,
  calls?: Call[],
) {
  const slots = slotsOf(holder, key, calls);
  if (slots.length > 0) passages.push({ role, slots });
}

/** Every text under one key of an object or list; calls of tools go to `calls` when it is given. */
export function slotsOf(holder: Holder, key: string | number, calls?: Call[]): Slot[] {
  const slots: Slot[] = [];
  visit(holder, key, false, slots, calls);
  return slots;
}

/** Recursion is bounded by the door: a deeper body does not get here. */
function visit(holder: Holder, key: string | number, all: boolean, slots: Slot[], calls?: Call[]): void {
  const node = (holder as Bag)[key];
  if (typeof node === "string" || (all && typeof node === "number")) {
    const text = String(node);
    if (text !== "" && (READ.has(String(key)) || !isBinary(text))) slots.push(slotAt(holder, key, text));
  } else if (Array.isArray(node)) {
    for (const at of node.keys()) visit(node, at, all, slots, calls);
  } else if (isBag(node)) {
    visitBag(node, all, slots, calls);
  }
}

function visitBag(node: Bag, all: boolean, slots: Slot[], calls?: Call[]): void {
  const given =
    typeof node["name"] === "string" ? ARGUMENTS.find((key) => Object.hasOwn(node, key)) : undefined;
  const isCall = !all && given !== undefined;
  if (isCall && calls !== undefined) calls.push(callAt(node, given));
  for (const key of Object.keys(node)) {
    if (all || (BROUGHT.has(key) && isBag(node[key]))) visit(node, key, true, slots);
    else if (isCall && key === given) {
      if (calls === undefined) visit(node, key, true, slots);
    } else if (!NO_TEXT.has(key) && !(key === "name" && isCall) && !isEncoded(node, key)) {
      visit(node, key, false, slots, calls);
    }
  }
}

/** `{ type: "base64", data }`, as Anthropic writes images and files, and the sound of a spoken answer. */
function isEncoded(node: Bag, key: string): boolean {
  if (key !== "data" || node["type"] === "text") return false;
  return (
    node["type"] === "base64" ||
    [node["media_type"], node["transcript"]].some((value) => typeof value === "string")
  );
}

/** All of it: what only begins like a file is a text. */
function isBinary(text: string): boolean {
  return text.startsWith("data:") && /^data:[\w.+/=;-]{0,100};base64,[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** What is JSON stays JSON when it is masked. */
function slotAt(holder: Holder, key: string | number, text: string): Slot {
  const isJson = key === "arguments" && parsed(text) !== undefined;
  const put = (masked: string) => {
    (holder as Bag)[key] = isJson && parsed(masked) === undefined ? JSON.stringify({ masked }) : masked;
  };
  return { text, put };
}

function callAt(node: Bag, key: string): Call {
  const given = node[key];
  return {
    name: node["name"],
    arguments: given,
    put: (masked) => {
      node[key] =
        typeof given === "string" ? (typeof masked === "string" ? masked : JSON.stringify(masked)) : masked;
    },
  };
}

/** The value of a JSON text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
