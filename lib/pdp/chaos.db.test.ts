import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, freePort, startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createDb } from "@/lib/db/prisma";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { type CuttableProxy, startProxy } from "@/lib/testing/cuttable-proxy";
import { post, TEST_SECRET } from "@/lib/testing/decision-point";

/**
 * A decision point as its own process and a PostgreSQL of its own, killed at random moments under load: whatever was
 * acknowledged is there afterwards, once.
 */

const CONNECTIONS = 16;
let directory: string;
let cluster: EmbeddedPostgres;
let proxy: CuttableProxy;
let credential: string;
let port: number;
let point: ChildProcess | null = null;

const portOf = (url: string) => Number(new URL(url).port);
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const prompt = () =>
  post(`http://127.0.0.1:${port}/v1/decisions`, credential, { action: "prompt", sessionId: "s" });

async function startCluster(): Promise<EmbeddedPostgres> {
  for (let tries = 0; ; tries++) {
    try {
      return await startEmbedded(join(directory, "postgres"), "chaos");
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(200);
    }
  }
}

async function startPoint(): Promise<void> {
  const url = new URL(cluster.url);
  url.port = String(proxy.port);
  point = spawn(process.execPath, ["--import", "tsx", "scripts/pdp.ts"], {
    env: {
      ...process.env,
      DATABASE_URL: url.href,
      PDP_PORT: String(port),
      PDP_DRAIN_DELAY_MS: "0",
      SLUICE_DATA_DIR: join(directory, "data"),
      SLUICE_SECRET: TEST_SECRET,
      LOG_LEVEL: "fatal",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await untilReady();
}

async function untilReady(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (ready?.ok) return;
    await sleep(50);
  }
  throw new Error("The decision point did not become ready.");
}

async function query<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

interface Acknowledged {
  ids: string[];
  refused: number;
  /** Of the longest answer, in milliseconds. */
  longest: number;
}

/** Asks over several connections until told to stop, and writes down every decision that was acknowledged. */
function load(): { stop(): Promise<Acknowledged>; seen: Acknowledged } {
  const seen: Acknowledged = { ids: [], refused: 0, longest: 0 };
  let running = true;
  const ask = async () => {
    while (running) {
      const started = performance.now();
      const answer = await prompt().catch(() => null);
      if (answer !== null) seen.longest = Math.max(seen.longest, performance.now() - started);
      if (answer?.status === 200) seen.ids.push(String(answer.body["decisionId"]));
      else seen.refused += 1;
      if (answer?.status !== 200) await sleep(5);
    }
  };
  const asking = Promise.all(Array.from({ length: CONNECTIONS }, ask));
  return {
    seen,
    stop: async () => {
      running = false;
      await asking;
      return seen;
    },
  };
}

const spoolFiles = async () =>
  (await readdir(join(directory, "data", "spool"), { recursive: true }).catch(() => [])).filter((name) =>
    name.endsWith(".spool"),
  );

async function killPostgres(): Promise<void> {
  const [pid] = (await readFile(join(directory, "postgres", "postmaster.pid"), "utf8")).split("\n");
  process.kill(Number(pid), "SIGKILL");
}

async function kill(child: ChildProcess | null): Promise<void> {
  if (child === null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function expectAllThere(ids: readonly string[]): Promise<void> {
  expect(new Set(ids).size).toBe(ids.length);
  const [row] = await query<{ there: number }>(
    "SELECT count(*)::int AS there FROM decision WHERE id = ANY($1)",
    [ids],
  );
  expect(row?.there).toBe(ids.length);
  const [sums] = await query<{ rows: number; counted: number; batched: number }>(
    `SELECT (SELECT count(*)::int FROM decision) AS rows, (SELECT sum(n)::int FROM series_hour) AS counted,
       (SELECT sum(n)::int FROM decision_batch) AS batched`,
  );
  expect(sums?.counted).toBe(sums?.rows);
  expect(sums?.batched).toBe(sums?.rows);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
  cluster = await startCluster();
  await migrate(cluster.url);
  const db = createDb(cluster.url, 2);
  const useCase = await buildUseCase(db);
  await buildPolicyVersion(db, useCase.id, buildDocument({ "unattributed-actor": { mode: "log" } }));
  ({ credential } = await buildWorkload(db, [useCase.id]));
  await db.$disconnect();
  proxy = await startProxy(portOf(cluster.url));
  port = await freePort();
});
afterEach(async () => {
  if (point === null || point.exitCode !== null || point.signalCode !== null) return;
  await kill(point);
});
afterAll(async () => {
  await proxy?.close();
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
});

describe("kill -9 under load", () => {
  it("of the decision point loses nothing that was acknowledged", async () => {
    const all: string[] = [];
    for (let round = 0; round < 4; round++) {
      await startPoint();
      const asking = load();
      await expect.poll(() => asking.seen.ids.length, { timeout: 10_000 }).toBeGreaterThan(20);
      await sleep(Math.random() * 700);
      point?.kill("SIGKILL");
      all.push(...(await asking.stop()).ids);
    }
    await expectAllThere(all);
  }, 60_000);

  it("of PostgreSQL loses nothing that was acknowledged, and answers go on from the spool", async () => {
    await startPoint();
    const asking = load();
    for (let round = 0; round < 2; round++) {
      const known = asking.seen.ids.length;
      await expect.poll(() => asking.seen.ids.length, { timeout: 10_000 }).toBeGreaterThan(known + 20);
      await sleep(Math.random() * 700);
      await killPostgres();
      await sleep(500);
      expect((await prompt()).status).toBe(200);
      expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({
        status: "ready",
        degraded: expect.any(String),
      });
      cluster = await startCluster();
      proxy.target = portOf(cluster.url);
      await untilReady();
      const before = asking.seen.ids.length;
      await expect.poll(() => asking.seen.ids.length, { timeout: 10_000 }).toBeGreaterThan(before + 20);
    }
    const { ids, refused, longest } = await asking.stop();
    expect(refused).toBe(0);
    expect(longest).toBeLessThan(4_000);
    await expect.poll(spoolFiles, { timeout: 20_000 }).toEqual([]);
    await expectAllThere(ids);
    const [late] = await query<{ n: number }>("SELECT count(*)::int AS n FROM decision WHERE late");
    expect(late?.n).toBeGreaterThan(0);
    const [gaps] = await query<{ n: number }>("SELECT sum(late)::int AS n FROM ingest_gap");
    expect(gaps?.n).toBe(late?.n);
  }, 90_000);

  it("of the decision point while it spools loses nothing that was acknowledged", async () => {
    await startPoint();
    const asking = load();
    await expect.poll(() => asking.seen.ids.length, { timeout: 10_000 }).toBeGreaterThan(20);
    await killPostgres();
    const known = asking.seen.ids.length;
    await expect.poll(() => asking.seen.ids.length, { timeout: 10_000 }).toBeGreaterThan(known + 200);
    await kill(point);
    const { ids } = await asking.stop();
    expect(await spoolFiles()).not.toEqual([]);
    cluster = await startCluster();
    proxy.target = portOf(cluster.url);
    await startPoint();
    await expect.poll(spoolFiles, { timeout: 20_000 }).toEqual([]);
    await expectAllThere(ids);
  }, 60_000);
});

describe("a database that falls silent", () => {
  it("is waited for a moment, then done without; when it speaks, it is used and heard again", async () => {
    await startPoint();
    const first = await prompt();
    proxy.hang();
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 10 }, prompt));
    expect(performance.now() - started).toBeLessThan(3_500);
    const again = performance.now();
    answers.push(first, await prompt());
    expect(performance.now() - again).toBeLessThan(1_000);
    expect(answers.map(({ status }) => status)).toEqual(new Array(12).fill(200));
    proxy.resume();
    await expect.poll(spoolFiles, { timeout: 20_000 }).toEqual([]);
    await expectAllThere(answers.map(({ body }) => String(body["decisionId"])));
    await query("UPDATE credential SET revoked_at = now()");
    await expect.poll(async () => (await prompt()).status, { timeout: 5_000 }).toBe(401);
    await query("UPDATE credential SET revoked_at = NULL");
  }, 40_000);
});

describe("SIGTERM", () => {
  it("lets the decision point finish and leave with 0", async () => {
    await startPoint();
    const asking = load();
    await expect.poll(() => asking.seen.ids.length, { timeout: 10_000 }).toBeGreaterThan(20);
    const exited = point && once(point, "exit");
    const started = performance.now();
    point?.kill("SIGTERM");
    const result = await exited;
    expect(performance.now() - started).toBeLessThan(5_000);
    const { ids } = await asking.stop();
    expect(result).toEqual([0, null]);
    await expectAllThere(ids);
  }, 30_000);
});
