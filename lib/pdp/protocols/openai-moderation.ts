import type { Door, DoorApp } from "../door";
import type { Problem } from "../problem";
import { LIMITS } from "../request";
import { type ForeignCall, foreignRoute, invalidBody } from "./foreign-route";
import { judgeTexts, type Sent, type Verdict } from "./judge-texts";
import { nameOf, textOf } from "./understand";

/** Of omni-moderation: typed clients expect all of them. */
const CATEGORIES = [
  "harassment",
  "harassment/threatening",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
  "self-harm",
  "self-harm/instructions",
  "self-harm/intent",
  "sexual",
  "sexual/minors",
  "violence",
  "violence/graphic",
] as const;

/** Controls that are categories there too. */
const NAMED: Readonly<Record<string, (typeof CATEGORIES)[number]>> = {
  "moderation/hate": "hate",
  "moderation/sexual": "sexual",
  "moderation/self-harm": "self-harm",
  "moderation/violence": "violence",
  "moderation/crime": "illicit",
  "moderation/weapons": "illicit/violent",
};

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  413: "invalid_request_error",
  422: "invalid_request_error",
  429: "rate_limit_error",
};

/**
 * OpenAI's moderation endpoint. Every text is a prompt with a decision of its own; who asks is known by the credential
 * alone. Masking cannot be said here: what would have to be masked is flagged, so that it does not pass unmasked.
 */
export function openAiModeration(app: DoorApp, door: Door): void {
  foreignRoute(app, door, { path: "/v1/moderations", answer: (call) => answer(door, call), word });
}

function word({ status, code, detail, fields, id }: Problem): object {
  const type = TYPES[status] ?? "server_error";
  return { error: { message: `${detail} (${id})`, type, param: fields?.[0]?.path || null, code } };
}

async function answer(door: Door, { body, ...asking }: ForeignCall): Promise<object> {
  const verdicts = await Promise.all(
    understoodModeration(body).map((sent) => judgeTexts(door.service, asking, sent)),
  );
  const first = verdicts.find(isFlagged) ?? verdicts[0];
  return {
    id: first?.answer.decisionId,
    model: nameOf(body["model"]) ?? "omni-moderation-latest",
    results: verdicts.map(resultOf),
  };
}

/** One for each text of the input; parts are one text. Throws `invalid` for an input without any. */
export function understoodModeration({ input }: Record<string, unknown>): Sent[] {
  return textsOf(input).map((text) => ({
    dialect: "openai-moderation",
    action: "prompt",
    stated: {},
    texts: {
      passages: text === "" ? [] : [{ role: "user", slots: [{ text, put: () => {} }] }],
      calls: [],
    },
  }));
}

function textsOf(input: unknown): string[] {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input) || input.length === 0)
    throw invalidBody("input", "must be a text, or a list of texts or parts");
  if (input.length > LIMITS.items) throw invalidBody("input", `may hold at most ${LIMITS.items}`);
  if (input.every((one) => typeof one === "string")) return input;
  const bad = input.findIndex((part) => typeof part !== "object" || part === null || Array.isArray(part));
  if (bad !== -1) throw invalidBody(`input.${bad}`, "must be a part, such as { type, text }");
  return [textOf(input)];
}

function isFlagged({ proceeds, acting }: Verdict): boolean {
  return !proceeds || acting.some(({ effect }) => effect === "redacted");
}

/** Scores say whether, not how much: 1 for what acted, else 0. */
function resultOf(verdict: Verdict): object {
  const flagged = isFlagged(verdict);
  const acting = flagged ? verdict.acting.map(({ control }) => control) : [];
  const on = new Set<string>(flagged ? ["illicit"] : []);
  for (const control of acting) {
    on.add(`policy/${control.replaceAll("/", "-")}`);
    const named = NAMED[control];
    if (named !== undefined) on.add(named);
  }
  const names = [...new Set([...CATEGORIES, ...on])];
  const each = <T>(of: (name: string) => T) => Object.fromEntries(names.map((name) => [name, of(name)]));
  return {
    flagged,
    categories: each((name) => on.has(name)),
    category_scores: each((name) => (on.has(name) ? 1 : 0)),
    category_applied_input_types: each(() => ["text"]),
    decision: verdict.answer.outcome,
    decision_id: verdict.answer.decisionId,
  };
}
