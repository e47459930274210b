import { z } from "zod";
import { type FieldError, SluiceError } from "@/lib/errors";
import type { Action } from "@/lib/policy/vocabulary";
import { type DecisionRequest, parseDecision } from "../request";

const properties = z.record(z.string(), z.unknown()).optional();
const entity = z.object({ type: z.string(), id: z.string(), properties });

/** Subject, action, resource, context: what the Authorization API 1.0 (section 6) asks about. Unknown fields are ignored. */
const evaluationSchema = z.object({
  subject: entity,
  action: z.object({ name: z.string(), properties }),
  resource: entity,
  context: properties,
});
type Evaluation = z.infer<typeof evaluationSchema>;
type Bag = Record<string, unknown>;

/** What a resource is called in the fact that its id states. */
type Place = "tool" | "model" | "destination" | "retrievalSource" | "route" | "nothing";

const RESOURCES: ReadonlyMap<string, Place> = new Map([
  ["tool", "tool"],
  ["model", "model"],
  ["destination", "destination"],
  ["url", "destination"],
  ["host", "destination"],
  ["retrieval_source", "retrievalSource"],
  ["resource", "retrievalSource"],
  ["document", "retrievalSource"],
  ["route", "route"],
  ["secret", "nothing"],
]);

/** Names of actions besides our own: those of the Model Context Protocol, and the method of a gateway's route. */
const NAMES: ReadonlyMap<string, Action> = new Map([
  ["tools/call", "tool_call"],
  ["resources/read", "retrieval"],
  ["POST", "prompt"],
]);

/** On which resources each action can be understood: what another resource would mean is not known, so it is denied. */
const UNDERSTOOD: Readonly<Record<Action, readonly Place[]>> = {
  prompt: ["model", "route"],
  completion: ["model", "route"],
  tool_call: ["tool"],
  tool_result: ["tool"],
  retrieval: ["retrievalSource"],
  outbound: ["destination"],
  secret_access: ["nothing"],
};

/** Routes on which a model is asked, as OpenAI, Anthropic and Google name them, whatever stands before. */
const MODEL_ROUTE =
  /\/(?:chat\/completions|completions|responses|messages|embeddings|models\/[^/]+:(?:generateContent|streamGenerateContent|embedContent))\/?(?:\?.*)?$/;

/** Who is a program. A subject of any other type is a person, who is behind the request. */
const PROGRAMS = new Set(["agent", "application", "bot", "client", "machine", "service", "workload"]);

/** Facts that properties and context may state, by either way of writing them. */
const STATED = {
  model: ["model"],
  destination: ["destination"],
  retrievalSource: ["retrievalSource", "retrieval_source"],
  purpose: ["purpose"],
  task: ["task"],
  dataClass: ["dataClass", "data_class"],
  useCase: ["useCase", "use_case"],
  sessionId: ["sessionId", "session_id"],
  traceId: ["traceId", "trace_id"],
  messages: ["messages"],
  signals: ["signals"],
} as const;

/** An evaluation request that cannot be understood as something that policies are about. */
export class NotUnderstood extends Error {}

/**
 * The request that an evaluation asks about. Throws `invalid` naming each bad field as the caller wrote it, and
 * `NotUnderstood` for a well-formed one whose action or resource means nothing here: it must not be allowed.
 */
export function requestOf(body: unknown): DecisionRequest {
  const parsed = evaluationSchema.safeParse(body);
  if (!parsed.success) throw invalid(parsed.error.issues.map(fieldOf));
  const evaluation = parsed.data;
  const { action, resource } = evaluation;
  const meant = NAMES.get(action.name) ?? action.name;
  const place = RESOURCES.get(resource.type);
  if (!isAction(meant)) throw new NotUnderstood("The action is none that a policy is about.");
  if (place === undefined || !UNDERSTOOD[meant].includes(place))
    throw new NotUnderstood("This type of resource means nothing for this action.");
  if (place === "route" && !MODEL_ROUTE.test(resource.id))
    throw new NotUnderstood("The route is none on which a model is asked.");
  if (action.name === "POST" && place !== "route")
    throw new NotUnderstood("A method means something on a route only.");
  return withFacts(evaluation, meant, place);
}

function isAction(name: string): name is Action {
  return Object.hasOwn(UNDERSTOOD, name);
}

/** Properties of the resource and the action go before the context, and the ids before all of them. */
function withFacts({ subject, action, resource, context }: Evaluation, meant: Action, place: Place) {
  const origins = new Map<string, string>([["action", "action.name"]]);
  const request: Bag = { action: meant };
  const bags: [string, Bag][] = [
    ["resource.properties", resource.properties ?? {}],
    ["action.properties", action.properties ?? {}],
    ["context", context ?? {}],
    ["subject.properties", subject.properties ?? {}],
  ];
  const find = (names: readonly string[]): [unknown, string] | null => {
    for (const [where, bag] of bags) {
      for (const name of names) {
        if (bag[name] !== undefined && bag[name] !== null) return [bag[name], `${where}.${name}`];
      }
    }
    return null;
  };
  const state = (key: string, found: [unknown, string] | null) => {
    if (found === null) return;
    request[key] = found[0];
    origins.set(key, found[1]);
  };
  for (const [key, names] of Object.entries(STATED)) state(key, find(names));
  if (place === "model" || place === "destination" || place === "retrievalSource") {
    state(place, [resource.id, "resource.id"]);
  }
  if (place === "tool") {
    const given = find(["arguments"]);
    request["tool"] = { name: resource.id, ...(given !== null && { arguments: given[0] }) };
    origins.set("tool", given?.[1] ?? "resource.id");
    origins.set("tool.name", "resource.id");
  }
  const behind = PROGRAMS.has(subject.type) ? find(["onBehalfOf", "on_behalf_of"]) : null;
  if (!PROGRAMS.has(subject.type)) request["actor"] = { id: subject.id };
  else if (behind !== null) request["actor"] = { id: behind[0] };
  origins.set("actor", behind?.[1] ?? "subject.id");
  return asWritten(origins, () => parseDecision(request));
}

/** Names fields by where the caller wrote them, not by what we made of them. */
function asWritten<T>(origins: ReadonlyMap<string, string>, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "invalid") throw error;
    throw invalid(error.fields.map(({ path, message }) => ({ path: originOf(path, origins), message })));
  }
}

function originOf(path: string, origins: ReadonlyMap<string, string>): string {
  const [head = "", second = "", ...rest] = path.split(".");
  const exact = origins.get(`${head}.${second}`);
  if (exact !== undefined) return exact;
  if (head === "actor") return origins.get("actor") ?? path;
  if (head === "tool") return [origins.get("tool") ?? "tool", ...rest].join(".");
  return [origins.get(head) ?? head, ...(second === "" ? [] : [second]), ...rest].join(".");
}

function fieldOf(issue: z.core.$ZodIssue): FieldError {
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  return { path: issue.path.join("."), message: missing ? "is required" : issue.message };
}

function invalid(fields: FieldError[]): SluiceError {
  return new SluiceError("invalid", "The evaluation cannot be made.", { fields });
}
