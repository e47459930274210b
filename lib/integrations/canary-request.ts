import { CANARY } from "@/lib/policy/evaluate";
import type { CanaryClient } from "./schema";

/** The session of what the console itself sends, wherever the dialect can name one. */
export const CONSOLE_SESSION = "canary-from-the-console";

/** What is sent to the decision point, as a client sends it. The body is JSON. */
export interface CanaryRequest {
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** What a client's own answer says. */
export interface ReadAnswer {
  isBlocked: boolean;
  /** Is the canary named as the reason? */
  asCanary: boolean;
  decisionId: string | null;
}

interface Asked {
  useCase: string;
  text: string;
}

interface Dialect {
  path: string;
  /** Where the credential stands, if not in `Authorization`. */
  header?: string;
  body: (asked: Asked) => unknown;
  /** Null for a body that is no decision of this dialect. */
  read: (answer: Bag) => ReadAnswer | null;
}

type Bag = Record<string, unknown>;

const userMessage = (text: string) => [{ role: "user", content: text }];

const native: Dialect = {
  path: "/v1/decisions",
  body: ({ useCase, text }) => ({
    action: "prompt",
    useCase,
    sessionId: CONSOLE_SESSION,
    messages: userMessage(text),
  }),
  read: ({ outcome, findings, decisionId }) =>
    typeof outcome === "string"
      ? {
          isBlocked: outcome === "block" || outcome === "require_approval",
          asCanary: namesCanary(findings),
          decisionId: textOf(decisionId),
        }
      : null,
};

/** Each client's way to ask, and to be answered; bodies name the use case wherever the dialect can. */
const DIALECTS: Readonly<Record<CanaryClient, Dialect>> = {
  "native-shell": native,
  "native-typescript": native,
  portkey: {
    path: "/v1/portkey",
    body: ({ useCase, text }) => ({
      eventType: "beforeRequestHook",
      request: { text, json: { messages: userMessage(text) } },
      metadata: { sluice_use_case: useCase, session_id: CONSOLE_SESSION },
    }),
    read: ({ verdict, data }) => {
      const { reasons, decisionId } = bag(data);
      if (typeof verdict !== "boolean" || !Array.isArray(reasons)) return null;
      return { isBlocked: !verdict, asCanary: reasons.includes(CANARY), decisionId: textOf(decisionId) };
    },
  },
  litellm: {
    path: "/beta/litellm_basic_guardrail_api",
    header: "x-api-key",
    body: ({ useCase, text }) => ({
      input_type: "request",
      texts: [text],
      structured_messages: userMessage(text),
      additional_provider_specific_params: { use_case: useCase, session_id: CONSOLE_SESSION },
    }),
    read: ({ action, blocked_reason: reason }) => {
      if (typeof action !== "string") return null;
      const said = textOf(reason) ?? "";
      return {
        isBlocked: action === "BLOCKED",
        asCanary: /\bcanary\b/i.test(said),
        decisionId: /\bDecision ([0-9a-f-]{36})\./.exec(said)?.[1] ?? null,
      };
    },
  },
  lakera: {
    path: "/v2/guard",
    body: ({ useCase, text }) => ({
      project_id: useCase,
      messages: userMessage(text),
      metadata: { session_id: CONSOLE_SESSION },
      breakdown: true,
    }),
    read: ({ flagged, breakdown, metadata }) =>
      typeof flagged === "boolean"
        ? {
            isBlocked: flagged,
            asCanary: list(breakdown).some((entry) => bag(entry)["detector_id"] === CANARY),
            decisionId: textOf(bag(metadata)["request_uuid"]),
          }
        : null,
  },
  "openai-moderation": {
    path: "/v1/moderations",
    body: ({ text }) => ({ input: text }),
    read: ({ results }) => {
      const { flagged, categories, decision_id: decisionId } = bag(list(results)[0]);
      if (typeof flagged !== "boolean") return null;
      const asCanary = bag(categories)[`policy/${CANARY}`] === true;
      return { isBlocked: flagged, asCanary, decisionId: textOf(decisionId) };
    },
  },
  authzen: {
    path: "/access/v1/evaluation",
    body: ({ useCase, text }) => ({
      subject: { type: "service", id: "canary" },
      action: { name: "POST" },
      resource: { type: "route", id: "/v1/chat/completions" },
      context: {
        use_case: useCase,
        session_id: CONSOLE_SESSION,
        messages: userMessage(text),
        supported_obligations: ["redact"],
      },
    }),
    read: ({ decision, context }) => {
      const { error, findings, decisionId } = bag(context);
      if (typeof decision !== "boolean" || error !== undefined) return null;
      return { isBlocked: !decision, asCanary: namesCanary(findings), decisionId: textOf(decisionId) };
    },
  },
};

/** A text as this client would send it on behalf of a user. */
export function canaryRequest(client: CanaryClient, credential: string, asked: Asked): CanaryRequest {
  const { path, header, body } = DIALECTS[client];
  return {
    path,
    headers: header === undefined ? { authorization: `Bearer ${credential}` } : { [header]: credential },
    body: body(asked),
  };
}

/** Reads the body of a 200 as this client would; null when it is no decision. */
export function readCanaryAnswer(client: CanaryClient, answer: unknown): ReadAnswer | null {
  return DIALECTS[client].read(bag(answer));
}

function namesCanary(findings: unknown): boolean {
  return list(findings).some((finding) => bag(finding)["control"] === CANARY);
}

function bag(value: unknown): Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Bag) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
