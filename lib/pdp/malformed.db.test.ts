import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { type SpokenPoint, startSpokenPoint } from "@/lib/testing/spoken-point";

const database = useTestDatabase();
/** `SLUICE_TEST_SEED` makes other bodies; it is printed with what fails. */
const SEED = Number(process.env["SLUICE_TEST_SEED"] ?? 20_261_121);
const BODIES = 10_000;
const AT_ONCE = 25;
/** Stands in bodies as a value, and so must stand in no log and no error. */
const MARK = "zqx-said-in-confidence";
const LONGEST_MS = 5_000;

const said = [
  { role: "user", content: `${MARK} hello` },
  { role: "assistant", content: "yes" },
];
const span = {
  traceId: "5b8efff798038103d269b633813fc60c",
  spanId: "eee19b7ec3c1b174",
  name: "chat",
  startTimeUnixNano: "1763712000000000000",
  endTimeUnixNano: "1763712001000000000",
  attributes: [
    { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
    { key: "gen_ai.request.model", value: { stringValue: MARK } },
    { key: "gen_ai.usage.input_tokens", value: { intValue: "12" } },
  ],
};
const traces = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
const task = {
  subject: { type: "user", id: MARK },
  action: { name: "tools/call" },
  resource: { type: "tool", id: "a" },
};

/** A well-formed body for every door that takes one. */
const DOORS: Record<string, unknown> = {
  "/v1/decisions": { action: "tool_call", tool: { name: "send", arguments: { to: MARK } }, messages: said },
  "/v1/decisions/batch": { decisions: [{ action: "prompt", messages: said }, { action: "outbound" }] },
  "/v1/observations": { action: "prompt", messages: said, observedAt: "2026-11-20T00:00:00Z" },
  "/v1/portkey": {
    request: { json: { model: "gpt-4o", messages: said }, text: MARK, isStreamingRequest: false },
    response: { json: {}, text: "" },
    provider: "openai",
    requestType: "chatComplete",
    metadata: { _user: MARK },
    eventType: "beforeRequestHook",
  },
  "/beta/litellm_basic_guardrail_api": {
    input_type: "request",
    litellm_call_id: "c-1",
    texts: [MARK],
    structured_messages: said,
    tool_calls: [{ function: { name: "send", arguments: "{}" } }],
  },
  "/v2/guard": { messages: said, breakdown: true, payload: true, metadata: { user_id: MARK } },
  "/v2/guard/results": { messages: said },
  "/v1/moderations": { input: [MARK, "b"], model: "omni-moderation-latest" },
  "/access/v1/evaluation": task,
  "/access/v1/evaluations": { ...task, evaluations: [{ resource: { type: "tool", id: MARK } }] },
  "/v1/traces": traces,
  "/api/public/otel/v1/traces": traces,
  "/v1/logs": {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: "1", body: { stringValue: MARK } }] }] }],
  },
  "/v1/metrics": { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: MARK }] }] }] },
  "/v1/token": {},
  "/v1/token/revoke": {},
};

const anything = fc.oneof(
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  fc.constantFrom<unknown>(
    null,
    "",
    -0,
    1e308,
    -1,
    "\u0000",
    "\ud800",
    MARK,
    [],
    {},
    [[]],
    "__proto__",
    true,
  ),
  fc.string({ unit: "binary", maxLength: 300 }).map((text) => `${MARK}${text}`),
  fc.nat({ max: 3_000 }).map((n) => Array.from({ length: n }, (_, at) => at)),
  fc.nat({ max: 400 }).map((depth) => {
    let nested: unknown = MARK;
    for (let n = 0; n < depth; n++) nested = n % 2 === 0 ? [nested] : { a: nested };
    return nested;
  }),
);

type Step = { at: number; how: "replace" | "drop" | "rename" | "twice"; by: unknown };

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat({ max: 40 }),
  how: fc.constantFrom("replace", "replace", "drop", "rename", "twice"),
  by: anything,
});

/** The well-formed body with something put wrong in it. */
function damaged(body: unknown, steps: readonly Step[]): unknown {
  const copy = { body: structuredClone(body) };
  for (const { at, how, by } of steps) {
    const places: [Record<string, unknown>, string][] = [];
    const visit = (node: unknown, depth: number) => {
      if (typeof node !== "object" || node === null || depth > 12) return;
      for (const key of Object.keys(node)) {
        places.push([node as Record<string, unknown>, key]);
        visit((node as Record<string, unknown>)[key], depth + 1);
      }
    };
    visit(copy, 0);
    const [parent, key] = places[at % places.length] ?? [copy as Record<string, unknown>, "body"];
    if (how === "replace") parent[key] = by;
    else if (how === "drop") delete parent[key];
    else if (how === "rename") parent[`${key}_renamed`] = parent[key];
    else if (Array.isArray(parent)) parent.push(parent[Number(key)]);
  }
  return copy.body;
}

interface Bad {
  path: string;
  body: string | Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}

const JSON_TYPE = { "content-type": "application/json" };
const path = fc.constantFrom(...Object.keys(DOORS));

const badBody: fc.Arbitrary<Bad> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(path, fc.array(step, { minLength: 1, maxLength: 4 })).map(([to, steps]) => ({
      path: to,
      body: JSON.stringify(damaged(DOORS[to], steps)) ?? "",
      headers: JSON_TYPE,
    })),
  },
  fc.tuple(path, anything).map(([to, value]) => ({
    path: to,
    body: JSON.stringify({ unheard: value, of: MARK }),
    headers: JSON_TYPE,
  })),
  fc.tuple(path, fc.double({ min: 0, max: 1, noNaN: true })).map(([to, share]) => {
    const whole = JSON.stringify(DOORS[to]);
    return { path: to, body: whole.slice(0, Math.floor(whole.length * share)), headers: JSON_TYPE };
  }),
  fc
    .tuple(
      path,
      fc.uint8Array({ maxLength: 600 }),
      fc.constantFrom<Record<string, string>>(
        { "content-type": "application/x-protobuf" },
        { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
        { "content-type": "application/json", "content-encoding": "gzip" },
        { "content-type": "application/x-www-form-urlencoded" },
        { "content-type": "text/plain" },
        { "content-type": "application/json; charset=utf-7" },
      ),
    )
    .map(([to, bytes, headers]) => ({ path: to, body: Uint8Array.from(bytes), headers })),
  fc.tuple(path, fc.string({ maxLength: 200 })).map(([to, text]) => ({
    path: to,
    body: new URLSearchParams({ grant_type: text, subject_token: MARK, token: text }).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  })),
);

let point: SpokenPoint;
let credential: string;

beforeAll(async () => {
  const { id } = await buildUseCase(database.db, { slug: "desk" });
  const enforce = { mode: "enforce", sensitivity: "L4" } as const;
  const policy = buildDocument({ secrets: enforce, "prompt-attack": enforce }, "enforcing", {
    capture: "none",
  });
  await buildPolicyVersion(database.db, id, policy);
  ({ credential } = await buildWorkload(database.db, [id]));
  point = await startSpokenPoint(database.url);
});
afterAll(() => point?.stop());

interface Told {
  status: number;
  text: string;
  ms: number;
}

async function send({ path: to, body, headers }: Bad): Promise<Told> {
  const startedAt = performance.now();
  const response = await fetch(`${point.url}${to}`, {
    method: "POST",
    body,
    headers: { ...headers, authorization: `Bearer ${credential}` },
    signal: AbortSignal.timeout(4 * LONGEST_MS),
  });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt };
}

test(`${BODIES} malformed bodies: never a 500, never a hang, nothing in a log that should not be`, {
  timeout: 600_000,
}, async () => {
  const bodies = fc.sample(badBody, { seed: SEED, numRuns: BODIES });
  const statuses = new Map<number, number>();
  for (let from = 0; from < bodies.length; from += AT_ONCE) {
    const some = bodies.slice(from, from + AT_ONCE);
    const told = await Promise.all(some.map(send));
    for (const [at, { status, text, ms }] of told.entries()) {
      const about = `seed ${SEED}, body ${from + at}: ${JSON.stringify(some[at]).slice(0, 600)}`;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect([200, 400, 401, 403, 409, 413, 415, 422], `${status} ${text} ${about}`).toContain(status);
      if (status !== 200) expect(text, about).not.toContain(MARK);
      expect(ms, about).toBeLessThan(LONGEST_MS);
    }
  }
  expect((statuses.get(400) ?? 0) / BODIES).toBeGreaterThan(0.3);
  expect(statuses.get(200) ?? 0).toBeGreaterThan(0);
  expect(point.said()).not.toContain(MARK);
  expect(point.said()).not.toContain(credential);
  const ok = await send({ path: "/v1/decisions", body: '{"action":"prompt"}', headers: JSON_TYPE });
  expect(ok.status).toBe(200);
});
