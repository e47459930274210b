import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hashPassword } from "@/lib/access/password";
import { type EmbeddedPostgres, freePort, startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createDb } from "@/lib/db/prisma";
import { buildPerson, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";
import { type CuttableProxy, startProxy } from "@/lib/testing/cuttable-proxy";
import { buildConsole } from "../start/build";
import { LEAVE_WITH_PARENT } from "../start/supervisor";
import { DOCUMENTS } from "./chaos-questions";

export const USE_CASE = "support-bot";
export const PASSWORD = "the benchmark signs in with this";
/** Who was asked to stop and has not by then (ms) is killed, as by whoever runs Sluice. */
const LONGEST_STOP_MS = 20_000;
const SECRET = "a secret of the benchmark, long enough for it";

export interface People {
  /** E-mail addresses: who asks for changes and applies them, and the two whose seats they need. */
  asks: string;
  leads: string;
  ownsRisk: string;
}

/** One process of the installation, with what it wrote. */
class Part {
  #child: ChildProcess | null = null;
  /** Exit codes after SIGTERM; null when it did not end by itself. */
  readonly exits: (number | null)[] = [];
  /** How often it went without having been asked to. */
  fell = 0;

  constructor(
    readonly args: readonly string[],
    readonly env: Record<string, string>,
    readonly logFile: string,
  ) {
    this.start();
  }

  start(): void {
    const log = openSync(this.logFile, "a");
    const child = spawn(process.execPath, ["--import", LEAVE_WITH_PARENT, ...this.args], {
      env: {
        ...process.env,
        NODE_ENV: "production",
        NODE_OPTIONS: "--disable-warning=DeprecationWarning",
        SLUICE_SUPERVISOR_PID: String(process.pid),
        LOG_LEVEL: "error",
        ...this.env,
      },
      stdio: ["ignore", log, log],
    });
    this.#child = child;
    child.once("exit", () => {
      if (this.#child !== child) return;
      this.fell += 1;
      setTimeout(() => this.#child === child && this.start(), 1_000);
    });
  }

  /** Ends it with the signal and starts it again when it is gone. */
  async restart(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    await this.end(signal);
    this.start();
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    const hard = setTimeout(() => child.kill("SIGKILL"), LONGEST_STOP_MS);
    const [code] = await exited;
    clearTimeout(hard);
    if (signal === "SIGTERM") this.exits.push(code);
  }
}

/** An installation of two decision points, the jobs and the console on one PostgreSQL, each a process of its own. */
export class Stage {
  private constructor(
    readonly directory: string,
    private cluster: EmbeddedPostgres,
    readonly proxy: CuttableProxy,
    readonly credential: string,
    readonly people: People,
    readonly ports: readonly number[],
    readonly consoleUrl: string,
    readonly points: readonly [Part, Part],
    readonly jobs: Part,
    readonly console: Part,
  ) {}

  static async open(): Promise<Stage> {
    await buildConsole();
    const directory = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
    const cluster = await startEmbedded(join(directory, "postgres"), "chaos");
    const { credential, people } = await furnish(cluster.url);
    const proxy = await startProxy(portOf(cluster.url));
    const url = new URL(cluster.url);
    url.port = String(proxy.port);
    const env = {
      DATABASE_URL: url.href,
      SLUICE_DATA_DIR: join(directory, "data"),
      SLUICE_SECRET: SECRET,
      AUTH_TRUST_HOST: "1",
      PDP_DRAIN_DELAY_MS: "500",
    };
    const part = (name: string, args: string[], own: Record<string, string> = {}) =>
      new Part(args, { ...env, ...own }, join(directory, `${name}.log`));
    const script = (name: string) => ["--import", "tsx", `scripts/${name}.ts`];
    const [one, two, three] = [await freePort(), await freePort(), await freePort()];
    const point = (name: string, port: number) =>
      part(name, script("pdp"), { PDP_PORT: String(port), SLUICE_PDP_NAME: name });
    const next = ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", String(three)];
    const stage = new Stage(
      directory,
      cluster,
      proxy,
      credential,
      people,
      [one, two],
      `http://127.0.0.1:${three}`,
      [point("one", one), point("two", two)],
      part("jobs", script("worker")),
      part("console", next),
    );
    await stage.untilReady();
    return stage;
  }

  get url(): string {
    return this.cluster.url;
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

  /** Until both decision points lack nothing and the console answers. */
  async untilReady(): Promise<void> {
    for (const port of this.ports) {
      await until(async () => {
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        return response.ok && !("degraded" in ((await response.json()) as object));
      });
    }
    await until(async () => {
      const signal = AbortSignal.timeout(5_000);
      const response = await fetch(`${this.consoleUrl}/api/auth/csrf`, { signal });
      return response.ok && (await fetch(`${this.consoleUrl}/sign-in`, { signal })).ok;
    });
  }

  async untilIngested(): Promise<void> {
    const spool = join(this.directory, "data", "spool");
    await until(async () => {
      const files = await readdir(spool, { recursive: true }).catch(() => []);
      return !files.some((name) => name.endsWith(".spool"));
    });
  }

  /** What a part logged as an error, by the words of it, with how often. Logs hold no content. */
  async errorsOf(part: Part): Promise<Map<string, number>> {
    const errors = new Map<string, number>();
    for (const line of (await readFile(part.logFile, "utf8")).split("\n")) {
      const words = wordsOf(line);
      if (words !== "") errors.set(words, (errors.get(words) ?? 0) + 1);
    }
    return errors;
  }

  async close(): Promise<void> {
    await Promise.all([...this.points, this.jobs, this.console].map((part) => part.end("SIGKILL")));
    await this.proxy.close();
    await this.cluster.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** A line of a log without what differs from time to time; "" for one that is no error. */
function wordsOf(line: string): string {
  try {
    const { level, msg, err } = JSON.parse(line) as {
      level: number;
      msg?: string;
      err?: { type?: string; message?: string; code?: string; stack?: string };
    };
    if (level < 50) return "";
    const frame = err?.stack?.split("\n").find((each) => each.includes("/lib/"));
    return [msg, err?.code, err?.message, frame?.trim()].filter(Boolean).join(" | ");
  } catch {
    return line.trim().slice(0, 200);
  }
}

/** A use case, a workload that asks, and three people; returns the workload's credential and who the people are. */
async function furnish(url: string): Promise<{ credential: string; people: People }> {
  await migrate(url);
  const db = createDb(url, 2);
  try {
    const asks = await buildPerson(db, ["security_lead"]);
    const leads = await buildPerson(db, ["security_lead"]);
    const ownsRisk = await buildPerson(db, ["risk_owner"]);
    await db.person.updateMany({ data: { passwordHash: await hashPassword(PASSWORD) } });
    const useCase = await buildUseCase(db, { slug: USE_CASE, riskOwnerId: ownsRisk.id });
    await buildPolicyVersion(db, useCase.id, DOCUMENTS.redacting);
    const { credential } = await buildWorkload(db, [useCase.id]);
    return { credential, people: { asks: asks.email, leads: leads.email, ownsRisk: ownsRisk.email } };
  } finally {
    await db.$disconnect();
  }
}

const portOf = (url: string) => Number(new URL(url).port);

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await isSo().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error("Sluice did not come back within a minute.");
}
