import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { SluiceError } from "@/lib/errors";
import { type Answer, mayProceed } from "../answer";
import { type Door, type DoorApp, type DoorContext, json, type Visit } from "../door";
import { toProblem } from "../problem";
import { readJson } from "../read-body";
import { LIMITS } from "../request";
import { idempotencyKey } from "../service";
import { NotUnderstood, requestOf } from "./authzen-request";

const EVALUATION = "/access/v1/evaluation";
const EVALUATIONS = "/access/v1/evaluations";
const SEMANTICS = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"] as const;

type Bag = Record<string, unknown>;

/** What is answered to one evaluation. */
interface Decision {
  decision: boolean;
  context?: Bag;
}

/** The whole payload of a request for several evaluations; what is in an evaluation is parsed with it. */
const batchSchema = z.object({
  subject: z.record(z.string(), z.unknown()).optional(),
  action: z.record(z.string(), z.unknown()).optional(),
  resource: z.record(z.string(), z.unknown()).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
  evaluations: z.array(z.unknown()).max(LIMITS.items, `at most ${LIMITS.items}`).optional(),
  options: z.object({ evaluations_semantic: z.enum(SEMANTICS).optional() }).optional(),
});

/**
 * OpenID AuthZEN, Authorization API 1.0 (https://openid.net/specs/authorization-api-1_0.html): one evaluation, several,
 * and the metadata. Searches are not offered.
 */
export function authzen(app: DoorApp, door: Door): void {
  async function evaluate(visit: Visit, body: unknown, key: string | null): Promise<Decision> {
    const receivedAt = performance.now();
    const { caller, now } = visit;
    try {
      const answer = await door.service.judge({ caller, now, receivedAt, key, request: requestOf(body) });
      return decisionOf(answer, supportsRedact(body));
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      return denied("not_understood", error.message);
    }
  }

  /** What is wrong with one of several is its own denial; what is wrong with us is nobody's. */
  async function evaluateItem(visit: Visit, body: unknown, key: string | null): Promise<Decision> {
    try {
      return await evaluate(visit, body, key);
    } catch (error) {
      if (!(error instanceof SluiceError) || OURS.has(error.code)) throw error;
      door.refused(error);
      const { status, code, detail, fields } = toProblem(error);
      return {
        decision: false,
        context: { error: { status, code, message: detail, ...(fields && { fields }) } },
      };
    }
  }

  async function evaluateAll(visit: Visit, body: unknown, key: string | null): Promise<unknown> {
    const { evaluations = [], options, ...defaults } = parseBatch(body);
    if (evaluations.length === 0) return evaluate(visit, body, key);
    const inherited = inheritedOf(defaults);
    const semantic = options?.evaluations_semantic ?? "execute_all";
    const one = (item: unknown, at: number) =>
      evaluateItem(visit, isObject(item) ? { ...inherited, ...item } : item, key && `${key}#${at}`);
    if (semantic === "execute_all") return { evaluations: await Promise.all(evaluations.map(one)) };
    const decisions: Decision[] = [];
    for (const [at, item] of evaluations.entries()) {
      const decision = await one(item, at);
      decisions.push(decision);
      if (decision.decision === (semantic === "permit_on_first_permit")) break;
    }
    return { evaluations: decisions };
  }

  const serve =
    (answer: (visit: Visit, body: unknown, key: string | null) => Promise<unknown>) =>
    async (c: DoorContext): Promise<Response> => {
      const { incoming } = c.env;
      try {
        const visit = await door.enter(c);
        const key = idempotencyKey(incoming.headers["idempotency-key"]?.toString());
        return withRequestId(incoming, json(await answer(visit, await readJson(incoming), key)));
      } catch (error) {
        return withRequestId(incoming, door.failed(error));
      }
    };

  app.post(EVALUATION, serve(evaluate));
  app.post(EVALUATIONS, serve(evaluateAll));
  app.get("/.well-known/authzen-configuration", (c) => {
    const base = baseOf(c.env.incoming);
    const metadata = {
      policy_decision_point: base,
      access_evaluation_endpoint: `${base}${EVALUATION}`,
      access_evaluations_endpoint: `${base}${EVALUATIONS}`,
    };
    return withRequestId(c.env.incoming, json(metadata, 200, { "Cache-Control": "no-store" }));
  });
  for (const path of [EVALUATION, EVALUATIONS]) {
    app.all(path, () => new Response(null, { status: 405, headers: { Allow: "POST" } }));
  }
}

/** Codes of errors that say nothing about the evaluation. */
const OURS: ReadonlySet<string> = new Set(["unavailable", "rate_limited", "internal"]);

function isObject(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseBatch(body: unknown): z.infer<typeof batchSchema> {
  const parsed = batchSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  throw new SluiceError("invalid", "The evaluations cannot be made.", { fields });
}

/** Whole objects are inherited: an item that has a resource of its own takes nothing of the one above. */
function inheritedOf(defaults: Bag): Bag {
  return Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== undefined));
}

/** Does the enforcement point say that it masks what it is told to? */
function supportsRedact(body: unknown): boolean {
  const { context } = body as { context?: Bag };
  const supported = context?.["supported_obligations"];
  return Array.isArray(supported) && supported.includes("redact");
}

function denied(code: string, message: string): Decision {
  return { decision: false, context: { error: { code, message } } };
}

/** An answer as an AuthZEN decision. What has nothing to say has no context. */
function decisionOf(answer: Answer, masks: boolean): Decision {
  const { outcome, findings, approval, redacted } = answer;
  const goesOn = mayProceed(answer);
  const decision = goesOn && (redacted === null || masks);
  if (decision && findings.length === 0) return { decision };
  const context: Bag = {
    decisionId: answer.decisionId,
    outcome,
    wouldBe: answer.wouldBe,
    policy: answer.policy,
    findings: findings.map(({ control, effect, level, reason }) => ({
      control,
      effect,
      ...(level && { level }),
      reason,
    })),
  };
  if (approval !== null) context["approval"] = approval;
  if (decision && redacted !== null) context["obligations"] = [{ id: "redact", redact: redacted }];
  if (goesOn && !decision) {
    context["reason"] = "Content must be masked, and the request does not say that its sender does so.";
  }
  return { decision, context };
}

function withRequestId({ headers }: IncomingMessage, response: Response): Response {
  const id = headers["x-request-id"];
  if (typeof id === "string" && /^[\x20-\x7e]*$/.test(id)) response.headers.set("X-Request-ID", id);
  return response;
}

/** The address under which the caller reached us, which the metadata must repeat. */
function baseOf({ headers }: IncomingMessage): string {
  const { host = "" } = headers;
  if (!/^[A-Za-z0-9.-]+(?::\d+)?$|^\[[0-9A-Fa-f:.]+\](?::\d+)?$/.test(host)) {
    throw new SluiceError("invalid", "The Host header names no host.");
  }
  return `${headers["x-forwarded-proto"] === "https" ? "https" : "http"}://${host}`;
}
