import type { Integration, SnippetSite } from "./snippets";

/** Gateways of agents and tools that ask by the Authorization API of AuthZEN 1.0. */
export function authzen({ decisionPointUrl, useCase }: SnippetSite): Integration {
  return {
    id: "authzen",
    title: "MCP gateways and other AuthZEN clients",
    protocol: "AuthZEN Authorization API 1.0",
    path: "/access/v1/evaluation",
    language: "ts",
    failsClosed: `/** Resolves when the tool may be called; throws when the policy stops it or there is no decision. */
export async function authorize(userId: string, tool: string, args: object) {
  const response = await fetch("${decisionPointUrl}/access/v1/evaluation", {
    method: "POST",
    headers: {
      authorization: \`Bearer \${process.env.SLUICE_CREDENTIAL}\`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      subject: { type: "user", id: userId },
      action: { name: "tools/call" },
      resource: { type: "tool", id: tool },
      context: { use_case: "${useCase}", arguments: args },
    }),
    signal: AbortSignal.timeout(2000),
  });
  if (!response.ok) throw new Error(\`Stopped: no decision (\${response.status}).\`);
  const { decision, context } = await response.json();
  if (decision !== true) throw new Error(\`Stopped by policy (\${context?.decisionId ?? "not understood"}).\`);
}`,
    cannotGuard: [
      "Content that is not sent along: without `context.arguments` or `context.messages` only names are judged.",
      "What a tool answers, unless it is asked about as `tool_result` before it goes on.",
      "Masking, unless `context.supported_obligations` holds `redact`: without it, what would be masked is denied.",
      "A held request is denied with `context.approval`; the enforcement point asks again after a person granted it.",
    ],
    maps: [
      ["action.name", "action: its own names; `tools/call`, `resources/read`, `POST` on a route of a model"],
      [
        "resource {tool | model | url, host, destination | retrieval_source, resource, document}",
        "tool, model, destination, retrievalSource",
      ],
      [
        "arguments, messages, signals (properties of resource or action, else context)",
        "signals, links, promptCharsBucket",
      ],
      [
        "purpose, task, data_class, model, destination, session_id, trace_id, use_case (likewise)",
        "the facts of the same names",
      ],
      [
        "subject.id of a person; subject.properties.on_behalf_of of a program",
        "attributed; kept as a keyed hash",
      ],
    ],
  };
}
