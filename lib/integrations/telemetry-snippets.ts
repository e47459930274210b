import type { Integration, SnippetSite } from "./snippets";

const OBSERVES = {
  protocol: "OTLP/HTTP",
  observesOnly: true,
  cannotGuard: [
    "Anything: telemetry comes after the fact. It is counted, looked into and replayed, and never enforces.",
    "Content that the instrumentation leaves out: most send it only when told to.",
    "Calls that are sampled away or lost before they are exported.",
  ],
  maps: [
    [
      "spans of a call of a model (chat, text_completion, generate_content, embeddings, ai.*.do*)",
      "action: prompt",
    ],
    [
      "spans of a tool (execute_tool, ai.toolCall, …)",
      "action: tool_call, tool, with signals found in arguments and result",
    ],
    [
      "gen_ai.provider.name or gen_ai.system, gen_ai.request.model, and their like",
      "model, as `provider/model`",
    ],
    ["messages in attributes, events of spans or log records", "signals, links, promptCharsBucket"],
    ["gen_ai.usage.*, and their like", "tokens by the hour"],
    [
      "user.id; session.id or gen_ai.conversation.id, and their like",
      "attributed, kept as a keyed hash; cohort",
    ],
    [
      "sluice.use_case, .purpose, .task, .data_class (span or resource)",
      "use case, purpose, task, dataClass",
    ],
    ["service.name", "use case, when the credential serves several and one of them is called so"],
  ],
} as const satisfies Partial<Integration>;

function observing(of: Pick<Integration, "id" | "title" | "path" | "language" | "failsClosed">): Integration {
  return {
    ...OBSERVES,
    cannotGuard: [...OBSERVES.cannotGuard],
    maps: OBSERVES.maps.map(([a, b]) => [a, b]),
    ...of,
  };
}

/** Clients that tell of calls afterwards. */
export function telemetry({ decisionPointUrl, useCase }: SnippetSite): Integration[] {
  return [
    observing({
      id: "opentelemetry",
      title: "OpenTelemetry SDKs",
      path: "/v1/traces",
      language: "sh",
      failsClosed: `export OTEL_EXPORTER_OTLP_ENDPOINT=${decisionPointUrl}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_COMPRESSION=gzip
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$SLUICE_CREDENTIAL"
export OTEL_RESOURCE_ATTRIBUTES=sluice.use_case=${useCase}
export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true`,
    }),
    observing({
      id: "opentelemetry-collector",
      title: "OpenTelemetry Collector",
      path: "/v1/traces",
      language: "yaml",
      failsClosed: `exporters:
  otlphttp/sluice:
    endpoint: ${decisionPointUrl}
    compression: gzip
    headers:
      authorization: Bearer \${env:SLUICE_CREDENTIAL}
processors:
  resource/sluice:
    attributes:
      - { key: sluice.use_case, value: ${useCase}, action: insert }
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [resource/sluice]
      exporters: [otlphttp/sluice]
    logs:
      receivers: [otlp]
      processors: [resource/sluice]
      exporters: [otlphttp/sluice]`,
    }),
    observing({
      id: "langfuse",
      title: "Langfuse SDKs",
      path: "/api/public/otel/v1/traces",
      language: "sh",
      failsClosed: `export LANGFUSE_BASE_URL=${decisionPointUrl}
export LANGFUSE_PUBLIC_KEY=pk-lf-sluice
export LANGFUSE_SECRET_KEY=$SLUICE_CREDENTIAL`,
    }),
  ];
}
