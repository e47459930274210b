import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sealText } from "@/lib/access/sealed-text";
import type { Mode } from "@/lib/policy/document";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { post, startTestPoint, TEST_SECRET } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
const KEY = "the key of the service";
let service: Server;
let point: DecisionPoint;
let credential: string;
let asked: { path: string; headers: IncomingMessage["headers"]; body: unknown }[] = [];
/** What the service answers, by path; a function may also never answer. */
let answers: Record<string, unknown | "never" | "broken"> = {};

const DETECTORS = [
  { name: "openai", kind: "openai-moderation", options: { model: "omni-moderation-latest" } },
  { name: "lakera", kind: "lakera", options: { projectId: "p-1" } },
  { name: "azure", kind: "azure-content-safety", options: { shields: true } },
  { name: "presidio", kind: "presidio", options: { language: "en" } },
  {
    name: "own",
    kind: "http-template",
    options: {
      body: { inputs: ["{{text}}"], mode: "fast" },
      header: "x-key",
      rules: [{ detector: "prompt-attack", pointer: "/0/score", least: [0.99, 0.9, 0.7, 0.5] }],
    },
  },
];

const OFF = { mode: "log", sensitivity: "L4" } as const;
const CONTROLS = {
  "moderation/hate": OFF,
  "moderation/violence": OFF,
  "moderation/crime": OFF,
  "pii/name": { mode: "redact", sensitivity: "L4" },
  "pii/address": { mode: "redact", sensitivity: "L4" },
} as const;

beforeAll(async () => {
  service = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.push({ path, headers: request.headers, body: JSON.parse(await textOf(request)) });
    const answer = answers[path];
    if (answer === "never") return;
    if (answer === undefined) response.writeHead(500);
    response.end(answer === "broken" ? "<html>" : JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  for (const detector of DETECTORS) {
    await database.db.outsideDetector.create({
      data: {
        ...detector,
        id: uuidv7(),
        url: detector.name === "own" ? `${url}/classify` : url,
        secret: Uint8Array.from(sealText(TEST_SECRET, KEY, detector.name)),
        timeoutMs: 400,
        createdAt: new Date(),
      },
    });
  }
  const ids: string[] = [];
  const modes: Record<string, Mode> = { open: "log", closed: "enforce" };
  for (const { name } of [...DETECTORS, { name: "missing" }]) {
    for (const [word, mode] of Object.entries(modes)) {
      const { id } = await buildUseCase(database.db, { slug: `${name}-${word}` });
      const controls = { ...CONTROLS, "detector-unavailable": { mode } };
      await buildPolicyVersion(database.db, id, buildDocument(controls, "enforcing", { detectors: [name] }));
      ids.push(id);
    }
  }
  ({ credential } = await buildWorkload(database.db, ids));
  point = await startTestPoint(database.url, { outboundAllow: [`127.0.0.1:${port}`] });
});
beforeEach(() => {
  asked = [];
  answers = {};
});
afterAll(async () => {
  await point?.stop();
  service.closeAllConnections();
  service.close();
});

const TEXT = "𝒳 Write to someone by name please.";

async function ask(useCase: string, extra: object = {}) {
  const messages = [
    { role: "system", content: "Be kind." },
    { role: "user", content: TEXT },
  ];
  const body = { action: "prompt", useCase, messages, ...extra };
  const answer = await post(`${point.url}/v1/decisions`, credential, body);
  expect(answer.body).toHaveProperty("outcome");
  const findings = answer.body["findings"] as { control: string; level?: string }[];
  return { ...answer.body, found: findings.map(({ control, level }) => [control, level]) };
}

test("OpenAI moderation: scores become levels", async () => {
  const scores = { category_scores: { hate: 0.95, violence: 0.5, "illicit/violent": 0.1, sexual: 0.001 } };
  answers["/v1/moderations"] = { results: [{ category_scores: {} }, scores] };
  expect((await ask("openai-closed")).found).toEqual([
    ["moderation/hate", "L1"],
    ["moderation/violence", "L3"],
  ]);
  expect(asked).toMatchObject([
    {
      path: "/v1/moderations",
      headers: { authorization: `Bearer ${KEY}` },
      body: { model: "omni-moderation-latest", input: ["Be kind.", TEXT] },
    },
  ]);
});

test("Lakera: its levels are ours, its project is named", async () => {
  const result = (type: string, level: string) => ({ detector_type: type, result: level });
  answers["/v2/guard/results"] = {
    results: [
      result("moderated_content/crime", "l2_very_likely"),
      result("moderated_content/hate", "l5_unlikely"),
      result("pii/name", "l1_confident"),
    ],
  };
  const answer = await ask("lakera-closed");
  expect(answer.found).toEqual([
    ["moderation/crime", "L2"],
    ["pii/name", "L1"],
  ]);
  expect(answer).toMatchObject({
    outcome: "redact",
    redacted: { messages: [{ content: "[pii/name]" }, { content: "[pii/name]" }] },
  });
  expect(asked[0]?.body).toMatchObject({
    project_id: "p-1",
    messages: [{ role: "system" }, { role: "user", content: TEXT }],
  });
});

test("Azure: severities become levels, the shield looks at what is not trusted", async () => {
  answers["/contentsafety/text:analyze"] = {
    categoriesAnalysis: [
      { category: "Violence", severity: 6 },
      { category: "Hate", severity: 1 },
      { category: "Sexual", severity: 0 },
    ],
  };
  answers["/contentsafety/text:shieldPrompt"] = { userPromptAnalysis: { attackDetected: false } };
  expect((await ask("azure-closed")).found).toEqual([
    ["moderation/hate", "L4"],
    ["moderation/violence", "L1"],
  ]);
  expect(asked.map(({ path, body }) => [path, Object.keys(body as object)[0]])).toEqual([
    ["/contentsafety/text:analyze", "text"],
    ["/contentsafety/text:shieldPrompt", "userPrompt"],
  ]);
  expect(asked[0]?.headers["ocp-apim-subscription-key"]).toBe(KEY);
});

test("Presidio: its places are masked, though it counts in code points", async () => {
  answers["/analyze"] = [{ entity_type: "PERSON", start: 11, end: 18, score: 0.85 }];
  const answer = await ask("presidio-closed", { messages: [{ role: "user", content: TEXT }] });
  expect(answer.found).toContainEqual(["pii/name", "L1"]);
  expect(answer).toMatchObject({ outcome: "redact" });
  const [message] = (answer as unknown as { redacted: { messages: { content: string }[] } }).redacted
    .messages;
  expect(message?.content).toBe("𝒳 Write to [pii/name] by name please.");
});

test("an HTTP template: what is sent and read is as it was set up", async () => {
  answers["/classify"] = [{ score: 0.93 }];
  const { body } = await post(`${point.url}/v1/decisions`, credential, {
    action: "prompt",
    useCase: "own-closed",
    messages: [{ role: "user", content: 'quote " and {{text}}' }],
  });
  expect(body["outcome"]).toBe("allow");
  expect(asked).toMatchObject([
    {
      path: "/classify",
      headers: { "x-key": KEY },
      body: { inputs: ['quote " and {{text}}'], mode: "fast" },
    },
  ]);
  const { rows } = await database.pool.query("SELECT facts FROM fact WHERE facts->>'useCase' = 'own-closed'");
  expect(rows).toMatchObject([{ facts: { signals: { "prompt-attack": 2 } } }]);
});

test.each([
  ["is away", "openai", undefined],
  ["does not answer in time", "lakera", "never"],
  ["answers something else", "presidio", "broken"],
  ["answers another shape", "azure", { nothing: true }],
  ["is not set up", "missing", undefined],
])("one that %s fails open or closed as the policy says, and is recorded", async (_, name, answer) => {
  const paths: Record<string, string> = {
    openai: "/v1/moderations",
    lakera: "/v2/guard/results",
    presidio: "/analyze",
    azure: "/contentsafety/text:analyze",
  };
  if (answer !== undefined) answers[paths[name] ?? ""] = answer;
  const [open, closed] = [await ask(`${name}-open`), await ask(`${name}-closed`)];
  expect(open.found).toContainEqual(["detector-unavailable", undefined]);
  expect(closed).toMatchObject({ outcome: "block" });
  expect(open).not.toMatchObject({ outcome: "block" });
  const { rows } = await database.pool.query(
    "SELECT facts->'unavailable' AS names FROM fact WHERE facts->>'useCase' = $1 AND facts ? 'unavailable'",
    [`${name}-closed`],
  );
  expect(rows).toEqual([{ names: [name] }]);
});

test("a request that a detector does not take silences it for nobody else", async () => {
  answers["/contentsafety/text:analyze"] = { categoriesAnalysis: [{ category: "Hate", severity: 7 }] };
  answers["/contentsafety/text:shieldPrompt"] = { documentsAnalysis: [] };
  const messages = Array.from({ length: 256 }, () => ({ role: "user", content: "x" }));
  for (let n = 0; n < 6; n++) {
    expect((await ask("azure-open", { messages })).found).toEqual([["detector-unavailable", undefined]]);
  }
  expect(asked).toEqual([]);
  expect((await ask("azure-open")).found).toEqual([["moderation/hate", "L1"]]);
});

test("what is known to be away is not asked any more", async () => {
  for (let n = 0; n < 6; n++) await ask("own-open");
  expect(asked.length).toBeGreaterThanOrEqual(3);
  const before = asked.length;
  const answer = await ask("own-open");
  expect(answer.found).toContainEqual(["detector-unavailable", undefined]);
  expect(asked.length).toBe(before);
});

test("nobody is asked after the fact, nor of a request without content", async () => {
  const observedAt = new Date().toISOString();
  const messages = [{ role: "user", content: TEXT }];
  await post(`${point.url}/v1/observations`, credential, {
    action: "prompt",
    useCase: "openai-open",
    messages,
    observedAt,
  });
  await post(`${point.url}/v1/decisions`, credential, { action: "prompt", useCase: "openai-open" });
  expect(asked).toEqual([]);
});
