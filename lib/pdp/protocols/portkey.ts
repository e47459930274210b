import type { Door, DoorApp } from "../door";
import { type ForeignCall, foreignRoute, invalidBody } from "./foreign-route";
import { judgeTexts, type Sent, type Stated } from "./judge-texts";
import { maskPlaces } from "./places";
import { completionTexts, member, promptTexts, type Texts } from "./texts";
import { nameOf } from "./understand";

type Side = "request" | "response";

/**
 * The webhook of Portkey's gateway: asked before a request goes to the model and after the answer came back. What the
 * gateway passes on to its own client is `data`, so it holds no content and no owner's name.
 */
export function portkey(app: DoorApp, door: Door): void {
  foreignRoute(app, door, {
    path: "/v1/portkey",
    answer: (call) => answer(door, call),
    word: ({ status, code, detail, fields, id }) => ({
      verdict: false,
      error: { status, code, message: detail, ...(fields && { fields }), id },
    }),
  });
}

async function answer(door: Door, { body, ...asking }: ForeignCall): Promise<object> {
  const side = sideOf(body["eventType"]);
  const { proceeds, answer, answers, places, maskedCalls, acting } = await judgeTexts(
    door.service,
    asking,
    understoodPortkey(body),
  );
  const { outcome, wouldBe, decisionId, approval } = answer;
  const data = {
    decision: outcome,
    wouldBe,
    decisionId,
    reasons: [
      ...new Set(
        (acting.length > 0 ? acting : answers.flatMap(({ findings }) => findings)).map(
          ({ control }) => control,
        ),
      ),
    ],
    ...(approval !== null && { approval }),
  };
  const json = member(body[side], "json");
  const masked = places.length + maskedCalls.length > 0;
  if (!proceeds || (masked && !hasTexts(json, side))) return { verdict: false, data };
  if (!masked) return { verdict: true, data };
  maskPlaces(places);
  if (side === "response") dropLogprobs([member(json, "choices"), member(json, "output")]);
  return { verdict: true, data, transformedData: { [side]: { json } } };
}

/** What a webhook body asks. Throws `invalid` for an event that is none of the two. */
export function understoodPortkey(body: Record<string, unknown>): Sent {
  const side = sideOf(body["eventType"]);
  return {
    dialect: "portkey",
    action: side === "request" ? "prompt" : "completion",
    stated: statedOf(body),
    texts: textsOf(body[side], side),
  };
}

function sideOf(event: unknown): Side {
  if (event === "beforeRequestHook") return "request";
  if (event === "afterRequestHook") return "response";
  throw invalidBody("eventType", "must be beforeRequestHook or afterRequestHook");
}

/** `text` is only the last message, or what was made of a stream: it is read when there is nothing else. */
function textsOf(sent: unknown, side: Side): Texts {
  const json = member(sent, "json");
  const texts = side === "request" ? promptTexts(json) : completionTexts(json);
  const text = member(sent, "text");
  if (texts.passages.length > 0 || texts.calls.length > 0 || typeof text !== "string" || text === "")
    return texts;
  const role = side === "request" ? "user" : "assistant";
  return { passages: [{ role, slots: [{ text, put: () => {} }] }], calls: [] };
}

/** Can what is masked be put back, or was only `text` there? */
function hasTexts(json: unknown, side: Side): boolean {
  const { passages, calls } = side === "request" ? promptTexts(json) : completionTexts(json);
  return passages.length > 0 || calls.length > 0;
}

/** They repeat the answer token by token, and so what was masked in it. */
function dropLogprobs(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "logprobs") (node as Record<string, unknown>)[key] = null;
    else dropLogprobs(value);
  }
}

function statedOf({ request, provider, metadata }: Record<string, unknown>): Stated {
  const json = member(request, "json");
  const of = (key: string) => member(metadata, key);
  return {
    useCase: of("sluice_use_case"),
    purpose: of("sluice_purpose"),
    task: of("sluice_task"),
    dataClass: { path: "metadata.sluice_data_class", value: of("sluice_data_class") },
    model: modelOf(provider, member(json, "model")),
    actor: of("_user") ?? member(json, "user") ?? member(member(json, "metadata"), "user_id"),
    sessionId: of("session_id"),
    traceId: of("trace_id"),
  };
}

/** As baselines write models: `openai/gpt-4o`. */
function modelOf(provider: unknown, model: unknown): string | undefined {
  const name = nameOf(model);
  const by = nameOf(provider);
  return name === undefined || by === undefined || name.startsWith(`${by}/`) ? name : `${by}/${name}`;
}
