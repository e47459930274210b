import { SluiceError } from "@/lib/errors";
import { type Action, DATA_CLASSES, type DataClass, OUTCOMES } from "@/lib/policy/vocabulary";
import { type Answer, type AnswerFinding, mayProceed } from "../answer";
import { redactContent, stableDigest } from "../content";
import { type AnyRequest, LIMITS, overgrown } from "../request";
import type { DecisionService, Understood } from "../service";
import { messageOf, type Place, placesOf } from "./places";
import { boundedPassages, type Call, isBag, type Passage, parsed, type Texts } from "./texts";
import { nameOf } from "./understand";

/** Calls of tools in one body that are decided one by one; those beyond are decided as one. */
export const MAX_CALLS = 64;

/** What a foreign client states besides content, as it was sent: of any type, or not at all. */
export interface Stated {
  useCase?: unknown;
  purpose?: unknown;
  task?: unknown;
  model?: unknown;
  dataClass?: { path: string; value: unknown };
  actor?: unknown;
  sessionId?: unknown;
  traceId?: unknown;
}

/** One call of a foreign client. */
export interface Sent {
  dialect: string;
  /** Of what is not a tool call. */
  action: Action;
  stated: Stated;
  texts: Texts;
  /** The client's own id of the call: a repeat with the same content is the same decision. */
  callId?: unknown;
}

/** What one call of a foreign client comes to. */
export interface Verdict {
  proceeds: boolean;
  /** The strictest of all, of those that stop it if any does. */
  answer: Answer;
  answers: Answer[];
  /** What has to be masked in the body for it to go on. Already masked are the arguments in `maskedCalls`. */
  places: Place[];
  maskedCalls: Call[];
  /** Findings that act, of all answers. */
  acting: AnswerFinding[];
}

interface Part {
  request: AnyRequest;
  passages: readonly Passage[];
  /** The call whose arguments these are; null when several were joined. */
  call: Call | null;
}

type Asking = Pick<Understood, "caller" | "now" | "receivedAt">;

/**
 * Decides on one call of a foreign client: on its messages, and on each call of a tool in it. All are recorded, the
 * strictest answers. Masks what is to be masked in the arguments of tools, when it goes on.
 */
export async function judgeTexts(service: DecisionService, asking: Asking, sent: Sent): Promise<Verdict> {
  const parts = partsOf(sent);
  const key = keysOf(sent, asking.now);
  const answers = await Promise.all(
    parts.map(({ request }, at) => service.judge({ ...asking, request, key: key(request, at) })),
  );
  const stopping = answers.filter((answer) => !mayProceed(answer));
  let places: Place[] = [];
  const maskedCalls: Call[] = [];
  let proceeds = stopping.length === 0;
  for (const [at, { request, passages, call }] of parts.entries()) {
    const masked = (answers[at]?.findings ?? []).filter(({ effect }) => effect === "redacted");
    if (masked.length === 0) continue;
    places = places.concat(placesOf(passages, masked));
    if (request.tool === undefined) continue;
    if (call === null) proceeds = false;
    else if (proceeds) maskCall(call, request.tool, masked);
    if (call !== null) maskedCalls.push(call);
  }
  return {
    proceeds,
    answer: strictest(stopping.length > 0 ? stopping : answers),
    answers,
    places,
    maskedCalls,
    acting: answers.flatMap(({ findings }) => findings.filter(({ effect }) => ACTING.has(effect))),
  };
}

const ACTING: ReadonlySet<string> = new Set(["blocked", "redacted", "needs_approval"]);

/** The first of those with the strictest outcome. */
function strictest(answers: readonly Answer[]): Answer {
  const rank = ({ outcome }: Answer) => OUTCOMES.indexOf(outcome);
  return answers.reduce((worst, answer) => (rank(answer) > rank(worst) ? answer : worst));
}

/** The requests that a foreign call is. Without any content it is still one. */
export function requestsOf(sent: Sent): AnyRequest[] {
  return partsOf(sent).map(({ request }) => request);
}

function partsOf({ action, stated, texts }: Sent): Part[] {
  const facts = factsOf(stated);
  const passages = boundedPassages(texts.passages);
  const { calls } = texts;
  const parts: Part[] = [];
  if (passages.length > 0 || calls.length === 0) {
    const messages = passages.map(messageOf);
    parts.push({
      request: { ...facts, action, ...(messages.length > 0 && { messages }) },
      passages,
      call: null,
    });
  }
  const apart = calls.length > MAX_CALLS ? calls.slice(0, MAX_CALLS - 1) : calls;
  for (const call of apart) parts.push(callPart(facts, call.name, argumentsOf(call.arguments), call));
  const rest = calls.slice(apart.length);
  if (rest.length > 0) parts.push(callPart(facts, joinedName(rest), joinedArguments(rest), null));
  return parts;
}

function callPart(
  facts: Omit<AnyRequest, "action">,
  name: unknown,
  given: Record<string, unknown> | undefined,
  call: Call | null,
): Part {
  const tool = { name: nameOf(name) ?? "unnamed", ...(given !== undefined && { arguments: given }) };
  return { request: { ...facts, action: "tool_call", tool }, passages: [], call };
}

/** Different names together are the name of no approved tool. */
function joinedName(calls: readonly Call[]): string {
  return [...new Set(calls.map(({ name }) => nameOf(name) ?? "unnamed"))].join(", ");
}

function joinedArguments(calls: readonly Call[]) {
  return { calls: JSON.stringify(calls.map(({ name, arguments: given }) => [name, given])) };
}

/** Under this name stand arguments that are no object, or one too large to be looked into value by value. */
const WHOLE = "arguments";

function argumentsOf(given: unknown): Record<string, unknown> | undefined {
  if (given === undefined || given === null || given === "") return undefined;
  const value = plainArguments(given);
  if (value !== null) return value;
  return { [WHOLE]: typeof given === "string" ? given : JSON.stringify(given) };
}

function maskCall(call: Call, tool: NonNullable<AnyRequest["tool"]>, masked: readonly AnswerFinding[]): void {
  const { arguments: given } = redactContent({ messages: [], tool }, masked).tool ?? {};
  if (plainArguments(call.arguments) === null && isBag(given)) call.put(given[WHOLE]);
  else call.put(isBag(given) ? given : { masked: given });
}

/**
 * Arguments that can be looked into value by value; null for others. JSON that names a key twice is none: who reads the
 * first of them would see what was not looked at.
 */
export function plainArguments(given: unknown): Record<string, unknown> | null {
  const value = typeof given === "string" ? parsed(given) : given;
  if (!isBag(value) || overgrown(value) !== null) return null;
  return typeof given === "string" && keysWritten(given) !== keysIn(value) ? null : value;
}

/** Strings before a colon. Linear: a string ends at its first quote that is not escaped. */
function keysWritten(json: string): number {
  let keys = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"\s*:?/gs)) if (token.endsWith(":")) keys += 1;
  return keys;
}

function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const children = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + keysIn(child), own);
}

function factsOf(stated: Stated): Omit<AnyRequest, "action"> {
  const actor = nameOf(stated.actor, 256);
  const dataClass = stated.dataClass && dataClassOf(stated.dataClass);
  return {
    ...named("useCase", stated.useCase, 80),
    ...named("purpose", stated.purpose),
    ...named("task", stated.task),
    ...named("model", stated.model),
    ...named("sessionId", stated.sessionId),
    ...named("traceId", stated.traceId),
    ...(actor !== undefined && { actor: { id: actor } }),
    ...(dataClass !== undefined && { dataClass }),
  };
}

function named<K extends string>(key: K, value: unknown, max?: number): Partial<Record<K, string>> {
  const name = nameOf(value, max);
  return name === undefined ? {} : ({ [key]: name } as Record<K, string>);
}

/** A class that is not known must not be taken for none. */
function dataClassOf({ path, value }: { path: string; value: unknown }): DataClass | undefined {
  if (value === undefined || value === null) return undefined;
  const known = DATA_CLASSES.find((name) => name === value);
  if (known !== undefined) return known;
  const message = `must be one of ${DATA_CLASSES.join(", ")}`;
  throw new SluiceError("invalid", "The data class is not known.", { fields: [{ path, message }] });
}

/**
 * The key of each part: made from the client's id of the call and all of the request, so that no two requests share
 * one. It also holds the day, since a key answers for one.
 */
function keysOf({ dialect, callId }: Sent, now: Date): (request: AnyRequest, at: number) => string | null {
  const id = nameOf(callId, LIMITS.idempotencyKey);
  if (id === undefined) return () => null;
  const day = now.toISOString().slice(0, 10);
  return (request, at) => `${dialect}-${day}-${stableDigest({ id, at, request })}`;
}
