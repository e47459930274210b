import { Agent, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { useTestDatabase } from "@/lib/testing/database";
import { startTestPoint } from "@/lib/testing/decision-point";
import type { DecisionPoint } from "./server";

const database = useTestDatabase();
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
/** The balancer's interval, and a delay that it cannot miss. */
const LOOK_MS = 50;
const DRAIN_DELAY_MS = 1_000;

let credential: string;
const points: DecisionPoint[] = [];

interface Answered {
  status: number;
  id: string;
}

/**
 * A client with kept-alive connections and a balancer in turn that looks at `/readyz`. It repeats nothing, with one
 * exception, which is safe: a connection that was refused carried no request, and the other is tried.
 */
class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #ready = new Map<number, boolean>();
  #turn = 0;
  running = true;

  constructor(readonly ports: readonly number[]) {
    for (const port of ports) void this.#watch(port);
  }

  async #watch(port: number): Promise<void> {
    while (this.running) {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
      this.#ready.set(port, response?.ok ?? false);
      await sleep(LOOK_MS);
    }
  }

  /** Resolves once a look has found the decision point at this port ready. */
  async seesReady(port: number): Promise<void> {
    while (!this.#ready.get(port)) await sleep(LOOK_MS / 2);
  }

  async decide(): Promise<Answered> {
    const ready = this.ports.filter((port) => this.#ready.get(port) !== false);
    const choice = ready.length > 0 ? ready : this.ports;
    const port = choice[this.#turn++ % choice.length] ?? 0;
    try {
      return await this.#send(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
      return this.#send(this.ports.find((other) => other !== port) ?? port);
    }
  }

  #send(port: number): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const headers = { authorization: `Bearer ${credential}`, "content-type": "application/json" };
    const asked = request(
      { port, host: "127.0.0.1", method: "POST", path: "/v1/decisions", agent: this.#agent, headers },
      (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += String(chunk);
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, id: String(JSON.parse(text).decisionId) }),
        );
      },
    );
    asked.on("error", reject);
    asked.end('{"action":"prompt"}');
    return promise;
  }
}

const start = (port: number, name: string) =>
  startTestPoint(database.url, { port, name, drainDelayMs: DRAIN_DELAY_MS });

beforeAll(async () => {
  const useCase = await buildUseCase(database.db);
  await buildPolicyVersion(database.db, useCase.id, buildDocument({}));
  ({ credential } = await buildWorkload(database.db, [useCase.id]));
  for (const name of ["one", "two"]) points.push(await start(0, name));
});
afterAll(() => Promise.all(points.map((point) => point.stop())));

describe("two decision points restarted in turn under load", () => {
  it("fail no request, and store each answer once", async () => {
    const client = new Client(points.map(({ port }) => port));
    const answered: Answered[] = [];
    const failed: unknown[] = [];
    const asking = Promise.all(
      Array.from({ length: 16 }, async () => {
        while (client.running)
          await client.decide().then(
            (one) => answered.push(one),
            (error) => failed.push(error),
          );
      }),
    );
    for (const at of [0, 1, 0, 1]) {
      const before = answered.length;
      const { port, stop } = points[at] as DecisionPoint;
      await sleep(300);
      await stop();
      expect(answered.length).toBeGreaterThan(before);
      points[at] = await start(port, ["one", "two"][at] ?? "");
      // With both unready in its eyes it would go on asking the one that leaves next, up to its last moment.
      await client.seesReady(port);
    }
    await sleep(300);
    client.running = false;
    await asking;
    expect(failed).toEqual([]);
    expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]));
    const { rows } = await database.pool.query("SELECT id::text AS id FROM decision");
    expect(rows.map(({ id }) => id).sort()).toEqual(answered.map(({ id }) => id).sort());
  });

  it("say that they stop before they take nothing more, and end each connection with its answer", async () => {
    const point = await start(0, "leaving");
    const stopped = point.stop();
    const url = `http://127.0.0.1:${point.port}`;
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: "unready", reason: "It is stopping." });
    const answer = await fetch(`${url}/v1/decisions`, {
      method: "POST",
      headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
      body: '{"action":"prompt"}',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("connection")).toBe("close");
    await stopped;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});
