import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { integrationsFor } from "@/lib/integrations/snippets";
import type { Mode } from "@/lib/policy/vocabulary";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "../server";

interface Agent {
  invoke(input: object): Promise<{ messages: { content: unknown }[] }>;
}
/** Untyped: LangChain's own types bring zod's for CommonJS, which would hide what our API adds to zod's. */
const load = <T>(name: string) => import(name) as Promise<T>;
const { ChatOpenAI } = await load<{ ChatOpenAI: new (options: object) => object }>("@langchain/openai");
const { createAgent, openAIModerationMiddleware } = await load<{
  createAgent: (options: object) => Agent;
  openAIModerationMiddleware: (options: object) => object;
}>("langchain");

/** Clients of others, unmodified, between an application and a model that is made up. */
const GATEWAY = createRequire(import.meta.url).resolve("@portkey-ai/gateway/build/start-server.js");
const CARD = "Pay with 4111 1111 1111 1111 please";
const MASKED = "Pay with [pii/credit-card] please";
const MODES = {
  flag: "log",
  redact: "redact",
  block: "enforce",
  held: "require_approval",
} as const satisfies Record<string, Mode>;

const database = useTestDatabase();
const credentials = new Map<string, string>();
/** What the model was sent, and what it says next. */
const model = { heard: [] as unknown[], says: "Hello." };
let point: DecisionPoint;
let upstream: Server;
let nowhere: string;

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

async function freePort(): Promise<number> {
  const server = await listening(createServer());
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

function startModel(): Promise<Server> {
  return listening(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const heard = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { stream?: boolean };
      model.heard.push(heard);
      if (heard.stream) {
        const delta = { role: "assistant", content: model.says };
        const chunk = {
          id: "c",
          object: "chat.completion.chunk",
          choices: [{ index: 0, delta, finish_reason: "stop" }],
        };
        response.setHeader("content-type", "text/event-stream");
        response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
        return;
      }
      const message = { role: "assistant", content: model.says, refusal: null };
      response.setHeader("content-type", "application/json").end(
        JSON.stringify({
          id: "chatcmpl-1",
          object: "chat.completion",
          created: 1_760_000_000,
          model: "gpt-4o-mini",
          choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    }),
  );
}

beforeAll(async () => {
  for (const [slug, mode] of Object.entries(MODES)) {
    const { id } = await buildUseCase(database.db, { slug });
    const controls = { "pii/credit-card": { mode, sensitivity: "L2" as const } };
    await buildPolicyVersion(database.db, id, buildDocument(controls, "enforcing"));
    credentials.set(slug, (await buildWorkload(database.db, [id])).credential);
  }
  point = await startTestPoint(database.url);
  upstream = await startModel();
  nowhere = `http://127.0.0.1:${await freePort()}`;
});
afterAll(async () => {
  await point?.stop();
  upstream?.close();
});

function told(says = "Hello.") {
  model.heard.length = 0;
  model.says = says;
}

describe("Portkey's gateway", () => {
  let gateway: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    gateway = spawn(process.execPath, [GATEWAY, "--headless", `--port=${port}`], { stdio: "ignore" });
    await vi.waitFor(() => fetch(url), { timeout: 30_000, interval: 100 });
  });
  afterAll(() => {
    gateway?.kill();
  });

  /** The configuration that is documented, with what belongs to this test in its blanks. */
  function configOf(useCase: string, decisionPointUrl: string, failOnError: boolean) {
    const snippet = integrationsFor({ decisionPointUrl, useCase }).find(({ id }) => id === "portkey");
    const config = JSON.parse(
      (snippet?.failsClosed ?? "")
        .replaceAll("$SLUICE_CREDENTIAL", credentials.get(useCase) ?? "")
        .replaceAll("$OPENAI_API_KEY", "sk-fake"),
    );
    for (const check of [...config.input_guardrails, ...config.output_guardrails]) {
      expect(check["default.webhook"].failOnError).toBe(true);
      check["default.webhook"].failOnError = failOnError;
    }
    return { ...config, custom_host: `${urlOf(upstream)}/v1` };
  }

  function send(useCase: string, path: string, body: object, { site = point.url, failOnError = true } = {}) {
    return fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-portkey-config": JSON.stringify(configOf(useCase, site, failOnError)),
        "x-portkey-metadata": JSON.stringify({ _user: "u-42", session_id: "s-1" }),
      },
      body: JSON.stringify({ model: "gpt-4o-mini", ...body }),
    });
  }

  async function chat(useCase: string, content: string, options = {}) {
    const messages = [{ role: "user", content }];
    const response = await send(useCase, "/v1/chat/completions", { messages }, options);
    const body = (await response.json()) as { choices?: { message: { content: string } }[] };
    return { status: response.status, says: body.choices?.[0]?.message.content, text: JSON.stringify(body) };
  }

  const heard = () =>
    (model.heard as { messages: { content: string }[] }[]).map(({ messages }) => messages[0]?.content);

  it("lets pass what is allowed, and both sides are recorded with the person hashed", async () => {
    told();
    expect(await chat("block", "hello")).toMatchObject({ status: 200, says: "Hello." });
    expect(heard()).toEqual(["hello"]);
    const { rows } = await database.pool.query(
      `SELECT f.facts->>'action' AS action, f.facts->>'model' AS model, d.session_id, d.actor_hash IS NOT NULL AS hashed
       FROM decision d JOIN fact f ON f.digest = d.fact WHERE f.facts->>'useCase' = 'block' ORDER BY d.id`,
    );
    const both = { model: "openai/gpt-4o-mini", session_id: "s-1", hashed: true };
    expect(rows).toEqual([
      { action: "prompt", ...both },
      { action: "completion", ...both },
    ]);
  });

  it("lets pass what is flagged", async () => {
    told(CARD);
    expect(await chat("flag", CARD)).toMatchObject({ status: 200, says: CARD });
    expect(heard()).toEqual([CARD]);
  });

  it("masks on both sides", async () => {
    told(CARD);
    expect(await chat("redact", CARD)).toMatchObject({ status: 200, says: MASKED });
    expect(heard()).toEqual([MASKED]);
  });

  it.each(["block", "held"])("stops before the model and after it: %s", async (useCase) => {
    told();
    expect(await chat(useCase, CARD)).toMatchObject({ status: 446 });
    expect(heard()).toEqual([]);
    told(CARD);
    const { status, says, text } = await chat(useCase, "hello");
    expect(status).toBe(446);
    expect(says).toBeUndefined();
    expect(text).not.toContain("4111");
    expect(heard()).toEqual(["hello"]);
  });

  it("stops while the decision point is away", async () => {
    told();
    expect(await chat("block", CARD, { site: nowhere })).toMatchObject({ status: 446 });
    expect(heard()).toEqual([]);
  });

  describe("has limits that are documented", () => {
    it("without failOnError everything passes while the decision point is away", async () => {
      told(CARD);
      expect((await chat("block", CARD, { site: nowhere, failOnError: false })).status).toBe(200);
      expect(heard()).toEqual([CARD]);
    });

    it("a streamed answer passes; its prompt is guarded", async () => {
      told(CARD);
      const sent = (content: string) => ({ stream: true, messages: [{ role: "user", content }] });
      const streamed = await send("block", "/v1/chat/completions", sent("hello"));
      expect(await streamed.text()).toContain(CARD);
      expect((await send("block", "/v1/chat/completions", sent(CARD))).status).toBe(446);
    });

    it("what is sent to /v1/responses passes", async () => {
      told();
      await (await send("block", "/v1/responses", { input: CARD })).text();
      expect(model.heard).toMatchObject([{ input: CARD }]);
    });
  });
});

describe("LangChain's moderation", () => {
  function agentFor(useCase: string, site: string) {
    const connected = (baseURL: string, apiKey: string) =>
      new ChatOpenAI({
        model: "gpt-4o-mini",
        apiKey,
        maxRetries: 0,
        configuration: { baseURL, timeout: 2_000 },
      });
    return createAgent({
      model: connected(`${urlOf(upstream)}/v1`, "sk-fake"),
      tools: [],
      middleware: [
        openAIModerationMiddleware({
          model: connected(`${site}/v1`, credentials.get(useCase) ?? ""),
          checkInput: true,
          checkOutput: true,
          checkToolResults: true,
          exitBehavior: "error",
        }),
      ],
    });
  }

  const say = async (useCase: string, content: string, site = point.url) => {
    const { messages } = await agentFor(useCase, site).invoke({ messages: [{ role: "user", content }] });
    return messages.at(-1)?.content;
  };

  it("lets pass what is allowed or flagged", async () => {
    told(CARD);
    expect(await say("flag", CARD)).toBe(CARD);
    told();
    expect(await say("block", "hello")).toBe("Hello.");
    expect(model.heard).toHaveLength(1);
  });

  it.each(["block", "held", "redact"])("stops before the model and after it: %s", async (useCase) => {
    told();
    await expect(say(useCase, CARD)).rejects.toThrow("policy/pii-credit-card");
    expect(model.heard).toEqual([]);
    told(CARD);
    await expect(say(useCase, "hello")).rejects.toThrow("policy/pii-credit-card");
  });

  it("stops while the decision point is away", async () => {
    told();
    await expect(say("block", "hello", nowhere)).rejects.toThrow();
    expect(model.heard).toEqual([]);
  });
});
