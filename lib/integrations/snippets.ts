import { authzen } from "./authzen-snippet";
import { telemetry } from "./telemetry-snippets";

/** Where a snippet points to. */
export interface SnippetSite {
  /** Without a slash at its end, such as `https://sluice.example:4000`. */
  decisionPointUrl: string;
  /** Slug. */
  useCase: string;
}

/** How one client is put in front of the decision point, as the documentation and the console show it. */
export interface Integration {
  id: string;
  title: string;
  /** What it speaks. */
  protocol: string;
  /** Where on the decision point. */
  path: string;
  language: "sh" | "ts" | "json" | "yaml" | "ini";
  /** Made so that nothing passes when the decision point does not answer. The credential is in `SLUICE_CREDENTIAL`. */
  failsClosed: string;
  /** Telemetry: it tells of calls afterwards, so there is nothing that could be stopped. */
  observesOnly?: true;
  /** What passes this client unseen or cannot be stopped there. */
  cannotGuard: string[];
  /** Each field of the client with what it becomes for a policy. */
  maps: [field: string, fact: string][];
}

/** Every client that there is a snippet for. */
export function integrationsFor(site: SnippetSite): Integration[] {
  return [
    nativeShell(site),
    nativeTypeScript(site),
    portkey(site),
    litellm(site),
    lakera(site),
    openAiModeration(site),
    authzen(site),
    ...telemetry(site),
  ];
}

const NATIVE = { protocol: "Sluice", path: "/v1/decisions" } as const;
const NATIVE_MAPS: Integration["maps"] = [
  ["action, purpose, task, model, dataClass, destination, retrievalSource", "the facts of the same names"],
  ["tool.name, tool.arguments", "tool, and signals found in the arguments"],
  ["messages, signals", "signals, links, promptCharsBucket"],
  ["actor.id, sessionId, traceId", "attributed, cohort; the actor is kept as a keyed hash"],
];

function nativeShell({ decisionPointUrl, useCase }: SnippetSite): Integration {
  return {
    ...NATIVE,
    id: "native-shell",
    title: "Shell",
    language: "sh",
    failsClosed: `curl --silent --show-error --fail --max-time 2 ${decisionPointUrl}/v1/decisions \\
  -H "authorization: Bearer $SLUICE_CREDENTIAL" -H "content-type: application/json" \\
  -d '{ "action": "prompt", "useCase": "${useCase}", "model": "openai/gpt-4o", "sessionId": "s-1",
        "actor": { "id": "u-42" },
        "messages": [{ "role": "user", "content": "Please charge my card 4111 1111 1111 1111." }] }' \\
  | jq --exit-status 'select(.outcome == "allow" or .outcome == "flag")' || exit 1`,
    cannotGuard: ["Content that is not sent along."],
    maps: NATIVE_MAPS,
  };
}

function nativeTypeScript({ decisionPointUrl, useCase }: SnippetSite): Integration {
  return {
    ...NATIVE,
    id: "native-typescript",
    title: "TypeScript",
    language: "ts",
    failsClosed: `/** Resolves with the messages that may go on; throws when the policy stops them or there is no decision. */
export async function decide(messages: { role: string; content: string }[], actorId: string) {
  const response = await fetch("${decisionPointUrl}/v1/decisions", {
    method: "POST",
    headers: {
      authorization: \`Bearer \${process.env.SLUICE_CREDENTIAL}\`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ action: "prompt", useCase: "${useCase}", actor: { id: actorId }, messages }),
    signal: AbortSignal.timeout(2000),
  });
  if (!response.ok) throw new Error(\`Stopped: no decision (\${response.status}).\`);
  const { outcome, approval, redacted, decisionId } = await response.json();
  const granted = outcome === "require_approval" && approval?.status === "granted";
  if (!granted && !["allow", "flag", "redact"].includes(outcome))
    throw new Error(\`Stopped by policy: \${outcome} (\${decisionId}).\`);
  return redacted?.messages ?? messages;
}`,
    cannotGuard: ["Content that is not sent along."],
    maps: NATIVE_MAPS,
  };
}

function portkey({ decisionPointUrl, useCase }: SnippetSite): Integration {
  const check = {
    "default.webhook": {
      webhookURL: `${decisionPointUrl}/v1/portkey`,
      headers: { authorization: "Bearer $SLUICE_CREDENTIAL" },
      timeout: 2000,
      failOnError: true,
    },
    deny: true,
  };
  const config = {
    provider: "openai",
    api_key: "$OPENAI_API_KEY",
    input_guardrails: [check],
    output_guardrails: [check],
  };
  return {
    id: "portkey",
    title: "Portkey gateway",
    protocol: "Portkey webhook",
    path: "/v1/portkey",
    language: "json",
    failsClosed: JSON.stringify(config, null, 2),
    cannotGuard: [
      "Streamed output: the gateway sends it on before the guardrail is asked. Turn streaming off, or guard the prompt only.",
      "`/v1/responses`: this gateway runs no guardrail there. Do not route it.",
      "Anything while the decision point is away, unless `failOnError` is true in every check.",
      "Images, audio and embeddings of token numbers: only text is looked into.",
      "A held request is answered as a block at once; the application asks again after a person granted it.",
    ],
    maps: [
      [
        "eventType",
        "action: prompt before the request, completion after it, tool_call for each call in the answer",
      ],
      ["provider, request.json.model", "model, as `provider/model`"],
      ["request.json, response.json (every text in them)", "signals, links, promptCharsBucket"],
      ["tool calls in response.json", "tool, with signals found in its arguments"],
      [
        `metadata.sluice_use_case`,
        `use case (such as ${useCase}), needed only when the credential serves several`,
      ],
      ["metadata.sluice_purpose, .sluice_task, .sluice_data_class", "purpose, task, dataClass"],
      ["metadata._user, else request.json.user", "attributed; kept as a keyed hash"],
      ["metadata.session_id, metadata.trace_id", "cohort; join the decisions of a conversation"],
    ],
  };
}

function litellm({ decisionPointUrl, useCase }: SnippetSite): Integration {
  return {
    id: "litellm",
    title: "LiteLLM proxy",
    protocol: "LiteLLM generic guardrail API",
    path: "/beta/litellm_basic_guardrail_api",
    language: "yaml",
    failsClosed: `guardrails:
  - guardrail_name: sluice
    litellm_params:
      guardrail: generic_guardrail_api
      mode: [pre_call, post_call]
      default_on: true
      api_base: ${decisionPointUrl}
      api_key: os.environ/SLUICE_CREDENTIAL
      unreachable_fallback: fail_closed
      fail_on_error: true
      additional_provider_specific_params:
        use_case: ${useCase}`,
    cannotGuard: [
      "Arguments of a tool call cannot be masked over this interface: what would be masked is blocked.",
      "Streamed output is asked about again and again while it grows: what was sent on before is not taken back.",
      "Images and audio: only text is looked into. `logprobs` of an answer that is masked stay.",
      "`additional_provider_specific_params` can be overridden by a request: bind each credential to one use case.",
    ],
    maps: [
      [
        "input_type",
        "action: prompt of a request, completion of a response, tool_call for each call in a response",
      ],
      ["model", "model, as LiteLLM names it"],
      ["texts, structured_messages", "signals, links, promptCharsBucket"],
      ["tool_calls of a response", "tool, with signals found in its arguments"],
      [
        "request_data.user_api_key_end_user_id, else .user_api_key_user_id",
        "attributed; kept as a keyed hash",
      ],
      ["litellm_trace_id", "joins the decisions of a trace"],
      [
        "additional_provider_specific_params.use_case, .purpose, .task, .data_class, .session_id",
        "use case, purpose, task, dataClass, cohort",
      ],
    ],
  };
}

function lakera({ decisionPointUrl, useCase }: SnippetSite): Integration {
  return {
    id: "lakera",
    title: "Clients of Lakera Guard",
    protocol: "Lakera Guard v2",
    path: "/v2/guard",
    language: "ts",
    failsClosed: `const response = await fetch("${decisionPointUrl}/v2/guard", {
  method: "POST",
  headers: {
    authorization: \`Bearer \${process.env.SLUICE_CREDENTIAL}\`,
    "content-type": "application/json",
  },
  body: JSON.stringify({ project_id: "${useCase}", messages, breakdown: true, payload: true }),
  signal: AbortSignal.timeout(2000),
});
if (!response.ok) throw new Error(\`Stopped: no decision (\${response.status}).\`);
const { flagged } = await response.json();
if (flagged !== false) throw new Error("Stopped by policy.");`,
    cannotGuard: [
      "System and developer messages: this interface trusts them, and they are not looked into.",
      "Earlier turns: the last interaction is looked into, from the last user's turn on.",
      "The model: clients do not send it.",
      "A client that masks by `payload` masks personal data only; anything else that would be masked is a block.",
    ],
    maps: [
      [
        "role of the last message",
        "action: completion after an assistant's, tool_result after a tool's, else prompt",
      ],
      ["messages of the last interaction", "signals, links, promptCharsBucket"],
      ["tool_calls in them", "tool, with signals found in its arguments"],
      ["project_id", "use case"],
      ["metadata.user_id", "attributed; kept as a keyed hash"],
      ["metadata.session_id, metadata.internal_request_id", "cohort; join the decisions of a conversation"],
    ],
  };
}

function openAiModeration({ decisionPointUrl }: SnippetSite): Integration {
  return {
    id: "openai-moderation",
    title: "LangChain and OpenAI clients",
    protocol: "OpenAI moderation",
    path: "/v1/moderations",
    language: "ts",
    failsClosed: `import { ChatOpenAI } from "@langchain/openai";
import { createAgent, openAIModerationMiddleware } from "langchain";

const guard = new ChatOpenAI({
  model: "gpt-4o-mini",
  apiKey: process.env.SLUICE_CREDENTIAL,
  configuration: { baseURL: "${decisionPointUrl}/v1", timeout: 2000 },
});
const agent = createAgent({
  model: new ChatOpenAI({ model: "gpt-4o" }),
  middleware: [
    openAIModerationMiddleware({
      model: guard,
      checkInput: true,
      checkOutput: true,
      checkToolResults: true,
      exitBehavior: "error",
    }),
  ],
});`,
    cannotGuard: [
      "Masking: this interface cannot say it, so what would be masked is flagged, which stops it.",
      "Tool calls and system messages: the client never sends them. Of the conversation it sends the last message of the user, the answer, and what tools gave back since.",
      "Which way content goes: every text counts as a prompt.",
      "Model, person and session: the client does not send them; the credential alone says which use case.",
    ],
    maps: [
      ["credential", "use case: it must serve exactly one"],
      ["input (each string apart)", "signals, links, promptCharsBucket"],
      ["—", "action: prompt"],
    ],
  };
}
