import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { freePort } from "@/lib/db/embedded";
import { startBench } from "./decision-point";
import { type LoadResult, runLoad } from "./http-load";
import { percentile } from "./statistics";

type Say = (line: string) => void;

const PACKAGES = ["cerbos@0.51.0", "@microsoft/agent-governance-sdk@4.0.0"];
const RULES = 30;
const RUNS = 3;
const SECONDS = 5;
const CONNECTIONS = 64;
const run = promisify(execFile);

/**
 * The same machine, one after another: our decision point (every control, committed to PostgreSQL), the Cerbos decision
 * point over HTTP with its audit log in a file, the Portkey gateway with a built-in check in front of an upstream that
 * answers at once, and Microsoft's agent governance SDK in process. They do different things: Portkey's figure holds a
 * call of the upstream, Cerbos's log is not synced to the disk, the SDK's is a hash chain in memory.
 */
export async function benchPeers(say: Say): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-peers-"));
  try {
    say(line("Sluice decision point, committed", await ofSluice()));
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", directory, ...PACKAGES]);
    say(line("Cerbos over HTTP, file audit", await ofCerbos(directory)));
    say(line("Portkey gateway, built-in check", await ofPortkey()));
    say(await ofGovernanceSdk(directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function line(name: string, results: LoadResult[]): string {
  const middle = (pick: (result: LoadResult) => number) => percentile(results.map(pick), 0.5);
  const refused = results.reduce((sum, result) => sum + result.refused, 0);
  return `${name.padEnd(34)} ${middle((r) => r.perSecond).toFixed(0)}/s  p50 ${middle((r) => r.p50).toFixed(1)} ms  p99 ${middle((r) => r.p99).toFixed(1)} ms  not 200: ${refused}`;
}

async function measured(port: number, requests: Buffer[]): Promise<LoadResult[]> {
  const load = { host: "127.0.0.1", port, requests, connections: CONNECTIONS, seconds: SECONDS };
  await runLoad({ ...load, seconds: 3 });
  const results: LoadResult[] = [];
  for (let n = 0; n < RUNS; n++) results.push(await runLoad(load));
  return results;
}

function post(path: string, headers: Record<string, string>, body: unknown): Buffer {
  const json = JSON.stringify(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${lines.join("")}` +
      `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

async function ofSluice(): Promise<LoadResult[]> {
  const bench = await startBench();
  try {
    const headers = { Authorization: `Bearer ${bench.credential}` };
    const requests = Array.from({ length: 200 }, (_, n) =>
      post("/v1/decisions", headers, {
        action: "tool_call",
        model: "openai/gpt-4o",
        tool: { name: `tool_${n % 40}` },
        sessionId: `session-${n}`,
        actor: { id: `u-${n % 50}` },
        dataClass: "internal",
      }),
    );
    return await measured(bench.port, requests);
  } finally {
    await bench.stop();
  }
}

async function ofCerbos(directory: string): Promise<LoadResult[]> {
  const policies = join(directory, "policies");
  await mkdir(policies, { recursive: true });
  const rules = Array.from({ length: RULES }, (_, n) => ({
    actions: ["call"],
    effect: "EFFECT_DENY",
    roles: ["*"],
    condition: {
      match: {
        expr: `request.resource.attr.tool == "denied_${n}" && request.resource.attr.dataClass == "restricted"`,
      },
    },
  }));
  const allow = { actions: ["*"], effect: "EFFECT_ALLOW", roles: ["*"] };
  const policy = {
    apiVersion: "api.cerbos.dev/v1",
    resourcePolicy: { version: "default", resource: "tool", rules: [...rules, allow] },
  };
  await writeFile(join(policies, "tool.json"), JSON.stringify(policy));
  const [http, grpc] = [await freePort(), await freePort()];
  const settings = {
    server: { httpListenAddr: `127.0.0.1:${http}`, grpcListenAddr: `127.0.0.1:${grpc}` },
    storage: { driver: "disk", disk: { directory: policies } },
    audit: {
      enabled: true,
      accessLogsEnabled: false,
      decisionLogsEnabled: true,
      backend: "file",
      file: { path: join(directory, "audit.log") },
    },
    telemetry: { disabled: true },
  };
  await writeFile(join(directory, "cerbos.json"), JSON.stringify(settings));
  const child = spawn(
    join(directory, "node_modules/.bin/cerbos"),
    ["server", `--config=${join(directory, "cerbos.json")}`, "--log-level=error"],
    { stdio: "ignore" },
  );
  try {
    await untilUp(`http://127.0.0.1:${http}/_cerbos/health`);
    const requests = Array.from({ length: 200 }, (_, n) =>
      post(
        "/api/check/resources",
        {},
        {
          principal: { id: `u-${n % 50}`, roles: ["agent"] },
          resources: [
            {
              actions: ["call"],
              resource: {
                kind: "tool",
                id: `session-${n}`,
                attr: { tool: `tool_${n % 40}`, dataClass: "internal" },
              },
            },
          ],
        },
      ),
    );
    return await measured(http, requests);
  } finally {
    await stopped(child);
  }
}

async function ofPortkey(): Promise<LoadResult[]> {
  const upstream = await startUpstream();
  const port = await freePort();
  const entry = createRequire(import.meta.url).resolve("@portkey-ai/gateway/build/start-server.js");
  const child = spawn(process.execPath, [entry, "--headless", `--port=${port}`], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "ignore",
  });
  try {
    await untilUp(`http://127.0.0.1:${port}/`);
    const config = {
      provider: "openai",
      api_key: "sk-fake",
      custom_host: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`,
      input_guardrails: [{ "default.regexMatch": { rule: "forbidden-[0-9]+", not: true }, deny: true }],
    };
    const requests = Array.from({ length: 50 }, (_, n) =>
      post(
        "/v1/chat/completions",
        { "x-portkey-config": JSON.stringify(config) },
        { model: "gpt-4o", messages: [{ role: "user", content: `Question ${n}` }] },
      ),
    );
    return await measured(port, requests);
  } finally {
    await stopped(child);
    upstream.closeAllConnections();
    upstream.close();
  }
}

async function startUpstream(): Promise<Server> {
  const answer = JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Yes." } }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  });
  const server = createServer((request, response) => {
    request
      .resume()
      .on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

interface GovernanceSdk {
  AgentMeshClient: {
    create(
      name: string,
      config: object,
    ): { executeWithGovernance(action: string, params: object): Promise<unknown> };
  };
}

/** Its whole pipeline: policy, trust score, audit chain. */
async function ofGovernanceSdk(directory: string): Promise<string> {
  const entry = join(directory, "node_modules/@microsoft/agent-governance-sdk/dist/index.js");
  const { AgentMeshClient } = (await import(pathToFileURL(entry).href)) as GovernanceSdk;
  const policyRules = [
    ...Array.from({ length: RULES }, (_, n) => ({ action: `denied.${n}`, effect: "deny" })),
    { action: "*", effect: "allow" },
  ];
  const client = AgentMeshClient.create("bench", { capabilities: ["*"], policyRules });
  const taken: number[] = [];
  const begun = performance.now();
  while (performance.now() - begun < SECONDS * 1000) {
    const start = performance.now();
    await client.executeWithGovernance(`tool.${taken.length % 40}`, { dataClass: "internal" });
    taken.push(performance.now() - start);
  }
  const us = (p: number) => (percentile(taken, p) * 1000).toFixed(1);
  return `${"agent-governance-sdk, in process".padEnd(34)} ${(taken.length / SECONDS).toFixed(0)}/s  p50 ${us(0.5)} µs  p99 ${us(0.99)} µs`;
}

async function untilUp(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url} did not come up.`);
}

async function stopped(child: ChildProcess): Promise<void> {
  const exited = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await exited;
}
