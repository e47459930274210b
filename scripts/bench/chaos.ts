import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type EmbeddedPostgres, freePort, startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createDb } from "@/lib/db/prisma";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { type CuttableProxy, startProxy } from "@/lib/testing/cuttable-proxy";
import { ChaosClient, type Question, type Tally } from "./chaos-client";
import { percentile } from "./statistics";

const CONNECTIONS = 32;
const RATE = 600;
/** Between two troubles, in milliseconds. */
const CALM_MS = 6_000;
const NAMES = ["one", "two"] as const;

const prompt = (content: string) =>
  JSON.stringify({ action: "prompt", messages: [{ role: "user", content }], sessionId: "chaos" });
const call = (name: string) => JSON.stringify({ action: "tool_call", tool: { name } });
const QUESTIONS: readonly Question[] = [
  { body: prompt("How long does a parcel take?"), outcome: "allow" },
  { body: prompt("My card is 4111 1111 1111 1111."), outcome: "redact" },
  { body: call("search_orders"), outcome: "allow" },
  { body: call("send_money"), outcome: "block" },
];

/**
 * Two decision points on one PostgreSQL, under load all the while: in turn the database is killed or shut down at once,
 * and comes back after seconds; one decision point or the other is drained or killed, also while the database is away.
 * At the end everything that was acknowledged must be stored, once, with the outcome that was answered and that the
 * question has. Throws when it is not.
 */
export async function benchChaos(minutes: number): Promise<object> {
  const stage = await Stage.open();
  try {
    const client = new ChaosClient({
      ports: stage.ports,
      credential: stage.credential,
      questions: QUESTIONS,
      connections: CONNECTIONS,
      rate: RATE,
    });
    const troubles = await causeTroubles(stage, client, Date.now() + minutes * 60_000);
    const tally = await client.stop();
    await stage.untilIngested();
    const stored = await readStored(stage.url, tally);
    const report = reportOf(tally, stored, troubles);
    const faults = faultsOf(tally, stored, stage.badExits);
    if (faults.length === 0) return report;
    console.log(report);
    throw new Error(`${faults.join("; ")}.`);
  } finally {
    await stage.close();
  }
}

/** Runs the troubles in turn until the time is over. Returns how often each was caused. */
async function causeTroubles(stage: Stage, client: ChaosClient, until: number) {
  const rest = () => sleep(2_000 + Math.random() * 3_000);
  const troubles: Record<string, () => Promise<void>> = {
    "PostgreSQL killed": async () => {
      await stage.signalPostgres("SIGKILL");
      await rest();
      await stage.startPostgres();
    },
    "first drained": () => stage.drain(0),
    "second killed": () => stage.kill(1),
    "PostgreSQL shut down at once": async () => {
      await stage.signalPostgres("SIGQUIT");
      await rest();
      await stage.startPostgres();
    },
    "second drained": () => stage.drain(1),
    "first killed while PostgreSQL is away": async () => {
      await stage.signalPostgres("SIGKILL");
      await sleep(1_000);
      const killed = stage.kill(0);
      await rest();
      await stage.startPostgres();
      await killed;
    },
    "PostgreSQL silent": async () => {
      stage.proxy.hang();
      await rest();
      stage.proxy.resume();
    },
    "first killed": () => stage.kill(0),
    "second drained while PostgreSQL is away": async () => {
      await stage.signalPostgres("SIGKILL");
      await sleep(1_000);
      const drained = stage.drain(1);
      await rest();
      await stage.startPostgres();
      await drained;
    },
  };
  const caused: Record<string, number> = {};
  const names = Object.keys(troubles);
  for (let turn = 0; Date.now() < until - CALM_MS; turn++) {
    await sleep(CALM_MS);
    const name = names[turn % names.length] ?? "";
    client.isTroubled = true;
    await troubles[name]?.();
    await stage.untilReady();
    client.isTroubled = false;
    caused[name] = (caused[name] ?? 0) + 1;
    console.log(`${new Date().toISOString()} ${name}; ${client.tally.acknowledged.size} acknowledged`);
  }
  await sleep(Math.max(0, until - Date.now()));
  return caused;
}

/** The processes. */
class Stage {
  readonly #points: (ChildProcess | null)[] = [null, null];
  /** Exits after SIGTERM other than 0. */
  badExits = 0;

  private constructor(
    readonly directory: string,
    private cluster: EmbeddedPostgres,
    readonly proxy: CuttableProxy,
    readonly credential: string,
    readonly ports: readonly number[],
  ) {}

  static async open(): Promise<Stage> {
    const directory = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
    const cluster = await startEmbedded(join(directory, "postgres"), "chaos");
    await migrate(cluster.url);
    const db = createDb(cluster.url, 2);
    const useCase = await buildUseCase(db, { slug: "support-bot" });
    const controls = {
      "pii/credit-card": { mode: "redact" as const, sensitivity: "L2" as const },
      "tool-not-approved": { mode: "enforce" as const },
    };
    const baseline = { ...buildDocument().baseline, tools: [{ name: "search_*", impact: "low" as const }] };
    await buildPolicyVersion(db, useCase.id, buildDocument(controls, "enforcing", { baseline }));
    const { credential } = await buildWorkload(db, [useCase.id]);
    await db.$disconnect();
    const proxy = await startProxy(portOf(cluster.url));
    const stage = new Stage(directory, cluster, proxy, credential, [await freePort(), await freePort()]);
    stage.#start(0);
    stage.#start(1);
    await stage.untilReady();
    return stage;
  }

  get url(): string {
    return this.cluster.url;
  }

  async drain(at: number): Promise<void> {
    const point = this.#points[at];
    if (!point) return;
    const exited = once(point, "exit");
    point.kill("SIGTERM");
    const [code] = await exited;
    if (code !== 0) this.badExits += 1;
    this.#start(at);
  }

  async kill(at: number): Promise<void> {
    const point = this.#points[at];
    if (!point) return;
    const exited = once(point, "exit");
    point.kill("SIGKILL");
    await exited;
    this.#start(at);
  }

  async signalPostgres(signal: "SIGKILL" | "SIGQUIT"): Promise<void> {
    const file = join(this.directory, "postgres", "postmaster.pid");
    const [pid] = (await readFile(file, "utf8")).split("\n");
    process.kill(Number(pid), signal);
  }

  /** What a killed server left behind may keep a new one from starting for a moment. */
  async startPostgres(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        this.cluster = await startEmbedded(join(this.directory, "postgres"), "chaos");
        this.proxy.target = portOf(this.cluster.url);
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await sleep(200);
      }
    }
  }

  async untilReady(): Promise<void> {
    for (const port of this.ports) {
      await until(async () => {
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        return response.ok && !("degraded" in ((await response.json()) as object));
      });
    }
  }

  async untilIngested(): Promise<void> {
    const spool = join(this.directory, "data", "spool");
    await until(async () => {
      const files = await readdir(spool, { recursive: true }).catch(() => []);
      return !files.some((name) => name.endsWith(".spool"));
    });
  }

  async close(): Promise<void> {
    for (const point of this.#points) point?.kill("SIGKILL");
    await this.proxy.close();
    await this.cluster.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  #start(at: number): void {
    const url = new URL(this.cluster.url);
    url.port = String(this.proxy.port);
    this.#points[at] = spawn(process.execPath, ["--import", "tsx", "scripts/pdp.ts"], {
      env: {
        ...process.env,
        DATABASE_URL: url.href,
        PDP_PORT: String(this.ports[at]),
        SLUICE_PDP_NAME: NAMES[at],
        SLUICE_DATA_DIR: join(this.directory, "data"),
        SLUICE_SECRET: "a secret of the benchmark, long enough for it",
        PDP_DRAIN_DELAY_MS: "500",
        LOG_LEVEL: "fatal",
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
}

const portOf = (url: string) => Number(new URL(url).port);

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await isSo().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error("Sluice did not come back within a minute.");
}

interface Stored {
  rows: number;
  late: number;
  /** Acknowledged and not there. */
  lost: number;
  /** Ids that stand in more than one row. */
  duplicates: number;
  /** Stored with another outcome than was answered. */
  differing: number;
  /** Made, and never acknowledged: their answer was lost with a connection, and the question was asked again. */
  unheard: number;
  hours: number;
  batched: number;
  gaps: { n: number; late: number; refused: number };
}

async function readStored(url: string, { acknowledged }: Tally): Promise<Stored> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; outcome: string; late: boolean }>(
      "SELECT id::text AS id, outcome, late FROM decision",
    );
    const outcomes = new Map(rows.map(({ id, outcome }) => [id, outcome]));
    const { rows: sums } = await client.query<{ hours: number; batched: number }>(
      "SELECT (SELECT sum(n)::int FROM series_hour) AS hours, (SELECT sum(n)::int FROM decision_batch) AS batched",
    );
    const { rows: gaps } = await client.query<Stored["gaps"]>(
      "SELECT count(*)::int AS n, coalesce(sum(late), 0)::int AS late, coalesce(sum(refused), 0)::int AS refused FROM ingest_gap",
    );
    const ids = [...acknowledged];
    return {
      rows: rows.length,
      late: rows.filter(({ late }) => late).length,
      lost: ids.filter(([id]) => !outcomes.has(id)).length,
      duplicates: rows.length - outcomes.size,
      differing: ids.filter(([id, outcome]) => outcomes.has(id) && outcomes.get(id) !== outcome).length,
      unheard: [...outcomes.keys()].filter((id) => !acknowledged.has(id)).length,
      hours: sums[0]?.hours ?? 0,
      batched: sums[0]?.batched ?? 0,
      gaps: gaps[0] ?? { n: 0, late: 0, refused: 0 },
    };
  } finally {
    await client.end();
  }
}

const ms = (values: readonly number[], share: number) => `${percentile(values, share).toFixed(1)} ms`;
const latency = (values: readonly number[]) =>
  `p50 ${ms(values, 0.5)}, p99 ${ms(values, 0.99)}, longest ${ms(values, 1)} (${values.length})`;

function reportOf(tally: Tally, stored: Stored, troubles: Record<string, number>) {
  return {
    troubles,
    acknowledged: tally.acknowledged.size,
    stored: stored.rows,
    "stored late": stored.late,
    lost: stored.lost,
    duplicates: stored.duplicates,
    "wrong answers": tally.wrong,
    "stored otherwise than answered": stored.differing,
    "counted by the hours": stored.hours,
    "in batches": stored.batched,
    "stored, answer never heard": stored.unheard,
    "absences of the database": stored.gaps,
    "repeats under a key": tally.repeated,
    "repeats with a new decision": tally.answeredAnew,
    "attempts without an answer": tally.broken,
    "attempts answered 503": tally.unavailable,
    "other answers": Object.fromEntries(tally.odd),
    "given up": tally.givenUp,
    calm: latency(tally.calm),
    troubled: latency(tally.troubled),
  };
}

function faultsOf(tally: Tally, stored: Stored, badExits: number): string[] {
  const counts = [
    [stored.lost, "acknowledged decisions are lost"],
    [stored.duplicates, "decisions are stored twice"],
    [tally.wrong + stored.differing, "answers are wrong"],
    [stored.hours - stored.rows, "decisions more are in the hours than there are"],
    [stored.batched - stored.rows, "decisions more are in batches than there are"],
    [tally.odd.size, "kinds of answers were neither 200 nor 503"],
    [tally.givenUp, "questions had no answer"],
    [badExits, "drained decision points did not leave with 0"],
    [tally.acknowledged.size === 0 ? 1 : 0, "run acknowledged nothing"],
  ] as const;
  return counts.flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`]));
}
