import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createDb, type Db } from "@/lib/db/prisma";
import { CONTROLS } from "@/lib/policy/catalogue";
import type { ControlBinding } from "@/lib/policy/document";
import { buildDocument, buildPolicyVersion, buildUseCase, buildWorkload } from "@/lib/testing/builders";

/** A decision point as its own process, on a PostgreSQL of its own, with one use case under every control. */
export interface Bench {
  host: string;
  port: number;
  /** Of every decision point; `port` is the first. */
  ports: number[];
  useCaseId: string;
  /** Resident memory of the first decision point. */
  residentBytes(): Promise<number>;
  credential: string;
  db: Db;
  url: string;
  stop(): Promise<void>;
}

export interface BenchOptions {
  /** Use cases, each with a workload of its own; the first is the one that is asked about. */
  useCases?: number;
  /** Decision points on the one database. */
  points?: number;
}

export async function startBench({ useCases = 1, points = 1 }: BenchOptions = {}): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const cluster = await startEmbedded(join(directory, "postgres"), "bench");
  await migrate(cluster.url);
  const db = createDb(cluster.url, 2);
  const useCase = await buildUseCase(db, { slug: "support-bot" });
  await buildPolicyVersion(db, useCase.id, buildDocument(everyControl()));
  const { credential } = await buildWorkload(db, [useCase.id], { slug: "gateway" });
  for (let n = 1; n < useCases; n++) await buildNeighbour(db, n);
  const ports: number[] = [];
  const children: ChildProcess[] = [];
  for (let n = 0; n < points; n++) {
    const port = await freePort();
    ports.push(port);
    children.push(await startPoint(cluster.url, port, directory));
  }
  return {
    host: "127.0.0.1",
    port: ports[0] as number,
    ports,
    useCaseId: useCase.id,
    residentBytes: () => residentBytes(children[0] as ChildProcess),
    credential,
    db,
    url: cluster.url,
    stop: async () => {
      for (const child of children) {
        const exited = new Promise((done) => child.once("exit", done));
        child.kill("SIGTERM");
        await exited;
      }
      await db.$disconnect();
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Another use case, its policy a little different, with a workload of its own. */
async function buildNeighbour(db: Db, n: number): Promise<void> {
  const useCase = await buildUseCase(db, { slug: `use-case-${n}` });
  const { baseline } = buildDocument();
  const document = buildDocument(everyControl(), "logging", {
    baseline: { ...baseline, models: [`openai/gpt-${n}`] },
  });
  await buildPolicyVersion(db, useCase.id, document);
  await buildWorkload(db, [useCase.id], { slug: `workload-${n}` });
}

async function residentBytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) * 1024;
}

function everyControl(): Record<string, ControlBinding> {
  return Object.fromEntries(
    CONTROLS.map(({ id, usualMode, takesSensitivity }) => [
      id,
      {
        mode: usualMode === "off" ? "log" : usualMode,
        ...(takesSensitivity && { sensitivity: "L2" as const }),
      },
    ]),
  );
}

async function startPoint(url: string, port: number, directory: string): Promise<ChildProcess> {
  const profile = process.env["BENCH_PROFILE"];
  const child = spawn(
    process.execPath,
    [...(profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : []), "--import", "tsx", "scripts/pdp.ts"],
    {
      env: {
        ...process.env,
        DATABASE_URL: url,
        PDP_PORT: String(port),
        PDP_DRAIN_DELAY_MS: "0",
        SLUICE_DATA_DIR: directory,
        SLUICE_SECRET: "a secret of the benchmark, long enough for it",
        LOG_LEVEL: "warn",
      },
      stdio: "inherit",
    },
  );
  for (let tries = 0; tries < 300; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return child;
    await new Promise((done) => setTimeout(done, 100));
  }
  child.kill("SIGKILL");
  throw new Error("The decision point did not become ready.");
}
