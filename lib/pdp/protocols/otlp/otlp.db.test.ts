import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { startProxy } from "@/lib/testing/cuttable-proxy";
import { useTestDatabase } from "@/lib/testing/database";
import { startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "../../server";
import { EXPORT_BYTES } from "./read-export";

const SAMPLES = join(import.meta.dirname, "../../../../../shared/protocols/samples");
const database = useTestDatabase();
/** A little after the samples were captured. */
const NOW = new Date("2026-11-21T02:00:00Z");
let point: DecisionPoint;
let several: string;

async function useCaseWith(slug: string) {
  const { id } = await buildUseCase(database.db, { slug });
  const document = buildDocument({ "pii/email": { mode: "enforce", sensitivity: "L2" } }, "enforcing");
  await buildPolicyVersion(database.db, id, document);
  const { credential } = await buildWorkload(database.db, [id], { slug: `${slug}-app` });
  if (point) await known(credential);
  return { id, credential };
}

/** Until the decision point has heard of a credential. */
async function known(credential: string): Promise<void> {
  await expect
    .poll(async () => (await send("/v1/metrics", "{}", { credential })).status, { timeout: 10_000 })
    .toBe(200);
}

beforeAll(async () => {
  const [one, two] = [await useCaseWith("claims-assistant"), await useCaseWith("other")];
  several = (await buildWorkload(database.db, [one.id, two.id], { slug: "collector" })).credential;
  point = await startTestPoint(database.url, { now: () => NOW });
});
afterAll(() => point?.stop());

interface Sent {
  credential: string | null;
  type?: string;
  encoding?: string;
  authorization?: string;
  url?: string;
}

async function send(
  path: string,
  body: string | Uint8Array,
  { credential, type, encoding, authorization, url }: Sent,
) {
  const response = await fetch(`${url ?? point.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": type ?? "application/json",
      ...(encoding && { "content-encoding": encoding }),
      ...(authorization ? { authorization } : credential && { authorization: `Bearer ${credential}` }),
    },
    body: body as BodyInit,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString("utf8") };
}

const sample = (name: string) => {
  const path = join(SAMPLES, name);
  return existsSync(path) ? readFileSync(path) : null;
};

const rowsOf = async (useCaseId: string) =>
  (
    await database.pool.query(
      `SELECT d.kind, d.outcome, d.would_be, d.findings, d.trace_id, d.session_id, d.decided_at, f.facts FROM decision d
       JOIN fact f ON f.use_case_id = d.use_case_id AND f.digest = d.fact WHERE d.use_case_id = $1 ORDER BY d.decided_at`,
      [useCaseId],
    )
  ).rows;

const tokensOf = async (useCaseId: string) =>
  (
    await database.pool.query(
      "SELECT model, direction, sum(n)::int AS n FROM token_hour WHERE use_case_id = $1 GROUP BY 1, 2 ORDER BY 1, 2",
      [useCaseId],
    )
  ).rows.map(({ model, direction, n }) => [model, direction, n]);

/** One chat span with a content, as an export. */
function exported(
  content: string,
  different: Record<string, unknown> = {},
  resource: Record<string, string> = {},
) {
  const text = (object: Record<string, string>) =>
    Object.entries(object).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const messages = JSON.stringify([{ role: "user", content }]);
  const span = {
    name: "chat",
    endTimeUnixNano: `${NOW.getTime()}000000`,
    attributes: text({ "gen_ai.operation.name": "chat", "gen_ai.input.messages": messages }),
    ...different,
  };
  return { resourceSpans: [{ resource: { attributes: text(resource) }, scopeSpans: [{ spans: [span] }] }] };
}

describe("captured exports", () => {
  const MINI = "openai/gpt-4o-mini";
  const CAPTURES: [
    name: string,
    type: string,
    encoding: string | undefined,
    rows: number,
    tokens: unknown[][],
  ][] = [
    [
      "otlp-traces-contrib-openai-0.21.0.json",
      "application/json",
      undefined,
      5,
      [
        [MINI, "input", 44],
        [MINI, "output", 24],
        ["openai/text-embedding-3-small", "input", 1],
      ],
    ],
    [
      "otlp-traces-contrib-openai-0.21.0.pb",
      "application/x-protobuf",
      undefined,
      5,
      [
        [MINI, "input", 44],
        [MINI, "output", 24],
        ["openai/text-embedding-3-small", "input", 1],
      ],
    ],
    [
      "otlp-traces-contrib-openai-0.21.0.pb.gz",
      "application/x-protobuf",
      "gzip",
      5,
      [
        [MINI, "input", 44],
        [MINI, "output", 24],
        ["openai/text-embedding-3-small", "input", 1],
      ],
    ],
    [
      "otlp-traces-ai-6.0.326.json",
      "application/json",
      undefined,
      4,
      [
        [MINI, "input", 33],
        [MINI, "output", 18],
      ],
    ],
    [
      "otlp-traces-ai-7.0.173.json",
      "application/json",
      undefined,
      4,
      [
        [MINI, "input", 33],
        [MINI, "output", 18],
      ],
    ],
    [
      "otlp-traces-ai-7.0.173.pb",
      "application/x-protobuf",
      undefined,
      4,
      [
        [MINI, "input", 33],
        [MINI, "output", 18],
      ],
    ],
    [
      "otlp-traces-openinference-4.2.7.json",
      "application/json",
      undefined,
      5,
      [
        [MINI, "input", 33],
        [MINI, "output", 18],
      ],
    ],
    [
      "otlp-traces-traceloop-0.27.0.pb",
      "application/x-protobuf",
      undefined,
      1,
      [
        [MINI, "input", 11],
        [MINI, "output", 6],
      ],
    ],
  ];
  for (const [name, type, encoding, rows, tokens] of CAPTURES) {
    it(`${name}: each call once, its tokens once, however often it is sent`, async ({ skip }) => {
      const body = sample(name);
      if (body === null) return skip("../shared/protocols is not there");
      const { id, credential } = await useCaseWith(`capture-${name.replace(/\W+/g, "-")}`);
      for (let time = 0; time < 3; time++) {
        const answer = await send("/v1/traces", body, { credential, type, ...(encoding && { encoding }) });
        expect([answer.status, answer.text]).toEqual([200, type === "application/json" ? "{}" : ""]);
        expect(answer.headers.get("content-type")).toBe(type);
      }
      const recorded = await rowsOf(id);
      expect(recorded).toHaveLength(rows);
      expect(new Set(recorded.map(({ kind }) => kind))).toEqual(new Set(["observation"]));
      expect(await tokensOf(id)).toEqual(tokens);
    });
  }

  it("content is looked into and never enforced on", async ({ skip }) => {
    const body = sample("otlp-traces-openinference-4.2.7.json");
    if (body === null) return skip("../shared/protocols is not there");
    const { id, credential } = await useCaseWith("looked-into");
    await send("/v1/traces", body, { credential });
    const [first, second] = await rowsOf(id);
    expect(first).toMatchObject({
      outcome: "flag",
      would_be: "block",
      findings: [{ control: "pii/email", effect: "would_block" }],
      trace_id: "cef7ce41ce11bb1cefe231def6530faf",
      facts: {
        action: "prompt",
        attributed: true,
        model: MINI,
        signals: { "pii/email": expect.any(Number) },
      },
    });
    expect(second).toMatchObject({ outcome: "allow", findings: [] });
  });

  it("messages that come as log records are looked into; their calls and tokens are counted by the spans", async ({
    skip,
  }) => {
    const [traces, logs, metrics] = ["traces", "logs", "metrics"].map((kind) =>
      sample(`otlp-${kind}-contrib-openai-0.21.0.json`),
    );
    if (!traces || !logs || !metrics) return skip("../shared/protocols is not there");
    const { id, credential } = await useCaseWith("all-signals");
    for (const [path, body] of [
      ["/v1/logs", logs],
      ["/v1/traces", traces],
      ["/v1/metrics", metrics],
      ["/v1/logs", logs],
    ] as const) {
      expect((await send(path, body, { credential })).status).toBe(200);
    }
    const recorded = await rowsOf(id);
    expect(recorded.filter(({ facts }) => facts.model !== undefined)).toHaveLength(5);
    expect(recorded.filter(({ findings }) => findings.length > 0)).toMatchObject([
      { findings: [{ control: "pii/email" }], facts: { action: "prompt" } },
    ]);
    expect(recorded).toHaveLength(6);
    expect(await tokensOf(id)).toEqual([
      [MINI, "input", 44],
      [MINI, "output", 24],
      ["openai/text-embedding-3-small", "input", 1],
    ]);
  });

  it("Langfuse's SDK sends a pair of keys, of which the secret one is the credential", async ({ skip }) => {
    const body = sample("otlp-traces-langfuse-5.11.1.json");
    if (body === null) return skip("../shared/protocols is not there");
    const { id, credential } = await useCaseWith("langfuse");
    const authorization = `Basic ${Buffer.from(`pk-lf-1:${credential}`).toString("base64")}`;
    const path = "/api/public/otel/v1/traces";
    expect((await send(path, body, { credential: null, authorization })).status).toBe(200);
    expect(await rowsOf(id)).toMatchObject([
      { session_id: "s-1", facts: { model: "gpt-4o-mini", attributed: true } },
    ]);
    const wrong = `Basic ${Buffer.from("pk-lf-1:sk-lf-1").toString("base64")}`;
    expect((await send(path, body, { credential: null, authorization: wrong })).status).toBe(401);
  });
});

describe("the use case of a span", () => {
  const counts = async () => {
    const { rows } = await database.pool.query(
      "SELECT u.slug, count(*)::int AS n FROM decision d JOIN use_case u ON u.id = d.use_case_id WHERE u.slug IN ('claims-assistant', 'other') GROUP BY 1",
    );
    return Object.fromEntries(rows.map(({ slug, n }) => [slug, n]));
  };

  it("is what the span or its resource names, else the one that the service is called by, else unknown", async () => {
    const all = [
      exported("a", {}, { "service.name": "claims-assistant" }),
      exported("b", {}, { "service.name": "claims-assistant", "sluice.use_case": "other" }),
      exported("c", {}, { "service.name": "unknown_service:node" }),
      exported("d", {}, { "sluice.use_case": "foreign" }),
    ];
    const body = JSON.stringify({ resourceSpans: all.flatMap(({ resourceSpans }) => resourceSpans) });
    const { status, text } = await send("/v1/traces", body, { credential: several });
    expect(status).toBe(200);
    const { partialSuccess } = JSON.parse(text);
    expect(partialSuccess.rejectedSpans).toBe("2");
    expect(partialSuccess.errorMessage).toContain("1 × useCase: must be named");
    expect(partialSuccess.errorMessage).toContain("1 × The credential does not serve this use case.");
    expect(await counts()).toEqual({ "claims-assistant": 1, other: 1 });
  });
});

describe("what is refused for good", () => {
  it.each([
    ["too old", `${NOW.getTime() - 401 * 86_400_000}000000`, "observedAt: lies more than 400 days back"],
    ["of the future", `${NOW.getTime() + 61_000}000000`, "observedAt: lies in the future"],
    ["without a time", "0", "observedAt: must be"],
  ])("a span %s: partial success, and the others are taken", async (_, endTimeUnixNano, reason) => {
    const { id, credential } = await useCaseWith(`refused-${endTimeUnixNano}`);
    const [bad, good] = [exported("x", { endTimeUnixNano }), exported("y")];
    const body = JSON.stringify({ resourceSpans: [...bad.resourceSpans, ...good.resourceSpans] });
    const { status, text } = await send("/v1/traces", body, { credential });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringContaining(reason) },
    });
    expect(await rowsOf(id)).toHaveLength(1);
  });

  it("in protobuf, partial success has its fields too", async () => {
    const { credential } = await useCaseWith("refused-protobuf");
    const future = Buffer.alloc(8);
    future.writeBigUInt64LE(BigInt(NOW.getTime() + 3_600_000) * 1_000_000n);
    const nested = (number: number, bytes: Buffer) =>
      Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
    const value = nested(1, Buffer.from("gen_ai.operation.name"));
    const chat = nested(9, Buffer.concat([value, nested(2, nested(1, Buffer.from("chat")))]));
    const span = Buffer.concat([Buffer.from([0x41]), future, chat]);
    const { status, bytes } = await send("/v1/traces", nested(1, nested(2, nested(2, span))), {
      credential,
      type: "application/x-protobuf",
    });
    expect([status, ...bytes.subarray(0, 1), ...bytes.subarray(2, 4)]).toEqual([200, 0x0a, 0x08, 1]);
    expect(bytes.toString("utf8")).toContain("lies in the future");
  });
});

describe("the transport", () => {
  const credential = async () =>
    (await useCaseWith(`transport-${Math.random().toString(36).slice(2)}`)).credential;
  const ok = JSON.stringify(exported("hi"));
  const PROTOBUF = "application/x-protobuf";

  it("takes gzip and deflate, refuses what it cannot unpack", async () => {
    const own = await credential();
    expect((await send("/v1/traces", gzipSync(ok), { credential: own, encoding: "gzip" })).status).toBe(200);
    for (const [encoding, body] of [
      ["gzip", ok],
      ["gzip", gzipSync(ok).subarray(0, 20)],
      ["br", ok],
    ] as const) {
      const answer = await send("/v1/traces", body, { credential: own, encoding });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 3]);
    }
  });

  it("what cannot be decoded: 400 with a status, in the encoding of the request", async () => {
    const own = await credential();
    for (const body of ["", "{", "[]", '{"resourceSpans":5}']) {
      const { status, text, headers } = await send("/v1/traces", body, { credential: own });
      expect([status, headers.get("content-type")]).toEqual([400, "application/json"]);
      expect(JSON.parse(text)).toEqual({ code: 3, message: expect.stringMatching(/decoded/), details: [] });
    }
    const { status, bytes, headers } = await send("/v1/traces", Buffer.from([0x0a, 0xff]), {
      credential: own,
      type: PROTOBUF,
    });
    expect([status, headers.get("content-type"), bytes[0], bytes[1], bytes[2]]).toEqual([
      400,
      PROTOBUF,
      0x08,
      3,
      0x12,
    ]);
  });

  it("another type is 415, another method 405, another caller 401", async () => {
    expect(
      (await send("/v1/traces", ok, { credential: await credential(), type: "text/plain" })).status,
    ).toBe(415);
    expect((await fetch(`${point.url}/v1/logs`)).status).toBe(405);
    const json = await send("/v1/metrics", "{}", { credential: null });
    expect([json.status, JSON.parse(json.text).code]).toEqual([401, 16]);
    expect((await send("/v1/traces", new Uint8Array(), { credential: "x", type: PROTOBUF })).bytes[1]).toBe(
      16,
    );
  });

  it("is bounded as it comes and as it unpacks: a small body that unpacks into a large one is cut off", async () => {
    const own = await credential();
    const large = Buffer.alloc(EXPORT_BYTES + 1, 0x20);
    expect((await send("/v1/traces", large, { credential: own })).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(400 * 1_048_576));
    expect(bomb.length).toBeLessThan(1_048_576);
    const before = process.memoryUsage().rss;
    expect((await send("/v1/traces", bomb, { credential: own, encoding: "gzip" })).status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1_048_576);
  });

  it("while nothing can be recorded: 503 soon to be tried again, and then each call once", async () => {
    const { id, credential: own } = await useCaseWith("tried-again");
    const { hostname, port, pathname, username, password } = new URL(database.url);
    const proxy = await startProxy(Number(port));
    const url = `postgresql://${username}${password && `:${password}`}@${hostname}:${proxy.port}${pathname}`;
    const cut = await startTestPoint(url, { name: "otlp-cut", spoolDir: null, now: () => NOW });
    try {
      const body = JSON.stringify(exported("hi", { traceId: "aa".repeat(16), spanId: "bb".repeat(8) }));
      proxy.cut();
      const refused = await send("/v1/traces", body, { credential: own, url: cut.url });
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(5);
      expect(await rowsOf(id)).toHaveLength(0);
      proxy.resume();
      await expect
        .poll(async () => (await send("/v1/traces", body, { credential: own, url: cut.url })).status, {
          timeout: 20_000,
        })
        .toBe(200);
      await send("/v1/traces", body, { credential: own });
      expect(await rowsOf(id)).toHaveLength(1);
    } finally {
      await cut.stop();
      await proxy.close();
    }
  });

  it("any bytes as any type to any path: never a 500", async () => {
    const own = await credential();
    const path = fc.constantFrom("/v1/traces", "/v1/logs", "/v1/metrics");
    const type = fc.constantFrom("application/json", PROTOBUF);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(JSON.stringify(exported(text, { attributes: JSON.parse(text) })))),
    );
    await fc.assert(
      fc.asyncProperty(path, type, bytes, fc.boolean(), async (to, of, body, packed) => {
        const { status } = await send(to, packed ? gzipSync(body) : body, {
          credential: own,
          type: of,
          ...(packed && { encoding: "gzip" }),
        });
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 500 },
    );
  }, 120_000);
});

describe("a real OpenTelemetry SDK", () => {
  it.each([
    ["JSON", JsonExporter, "none"],
    ["protobuf, gzip", ProtobufExporter, "gzip"],
  ])("exports in %s", async (name, Exporter, compression) => {
    const { id, credential } = await useCaseWith(`sdk-${compression}`);
    const exporter = new Exporter({
      url: `${point.url}/v1/traces`,
      headers: { authorization: `Bearer ${credential}` },
      compression: compression as never,
    });
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ "service.name": "desk", "sluice.purpose": "triage" }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
    const tracer = provider.getTracer("test");
    const span = (operation: string, attributes: Record<string, string | number>) =>
      tracer
        .startSpan(operation, {
          attributes: { "gen_ai.operation.name": operation, ...attributes },
          startTime: NOW,
        })
        .end(NOW);
    span("chat", {
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.input.messages": JSON.stringify([
        { role: "user", parts: [{ type: "text", content: "mail a@b.co" }] },
      ]),
      "gen_ai.usage.input_tokens": 12,
      "gen_ai.usage.output_tokens": 5,
      "user.id": "u-1",
      "session.id": name,
    });
    span("execute_tool", { "gen_ai.tool.name": "search", "gen_ai.tool.call.arguments": '{"q":"x"}' });
    span("invoke_agent", { "gen_ai.usage.input_tokens": 12 });
    await provider.forceFlush();
    await provider.shutdown();
    const recorded = await rowsOf(id);
    expect(recorded).toHaveLength(2);
    expect(recorded.find(({ facts }) => facts.action === "prompt")).toMatchObject({
      decided_at: NOW,
      session_id: name,
      would_be: "block",
      facts: {
        model: "openai/gpt-4o",
        purpose: "triage",
        attributed: true,
        signals: { "pii/email": expect.any(Number) },
      },
    });
    expect(recorded.find(({ facts }) => facts.action === "tool_call")).toMatchObject({
      facts: { tool: "search" },
    });
    expect(await tokensOf(id)).toEqual([
      ["openai/gpt-4o", "input", 12],
      ["openai/gpt-4o", "output", 5],
    ]);
  });
});
