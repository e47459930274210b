import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { dataDirectory } from "@/lib/data-directory";
import { emptyDatabase, startEmbedded, takeEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { SluiceError } from "@/lib/errors";
import { buildConsole, generateClient } from "./start/build";
import { assertPortFree, say, waitFor } from "./start/console-words";
import { loadingMark } from "./start/loading-mark";
import { loadSecrets } from "./start/secrets";
import { Supervisor } from "./start/supervisor";

/** Bytes: a segment of PostgreSQL's write-ahead log, which it needs to go on. */
const LITTLE_ROOM = 16 * 1024 * 1024;

const HELP = `npm start [-- --empty]

Starts console, decision point and jobs. Without DATABASE_URL on a PostgreSQL of its own, with a sample organisation.

  --empty            leave the sample organisation out
  --dev              the console in development mode, without a build
  PORT=3000          port of the console
  PDP_PORT=4000      port of the decision point
  HOST=127.0.0.1     address to listen on
  SLUICE_DATA_DIR    where data is kept (default .sluice)
  DATABASE_URL       a PostgreSQL 18 of your own; then also set SLUICE_SECRET`;

async function main(): Promise<void> {
  if (process.argv.includes("--help")) return say(HELP);
  const port = Number(process.env["PORT"] ?? 3000);
  const pdpPort = Number(process.env["PDP_PORT"] ?? 4000);
  const host = process.env["HOST"] ?? "127.0.0.1";
  await assertPortFree(port, host, "PORT");
  await assertPortFree(pdpPort, host, "PDP_PORT");

  const supervisor = new Supervisor();
  process.on("SIGINT", () => supervisor.stop());
  process.on("SIGTERM", () => supervisor.stop());
  if (process.env["npm_lifecycle_event"] !== undefined) supervisor.leaveWithParent();
  try {
    await bringUp(supervisor, port, pdpPort, host);
  } catch (error) {
    if (supervisor.stopping) return;
    say(`\nSluice could not start: ${await explain(error)}`);
    process.exitCode = 1;
    await supervisor.stop();
  }
}

async function bringUp(supervisor: Supervisor, port: number, pdpPort: number, host: string): Promise<void> {
  const directory = dataDirectory();
  const own = process.env["DATABASE_URL"];
  const secrets = await loadSecrets(directory, own !== undefined);
  process.env["SLUICE_SECRET"] = secrets.secret;
  process.env["NEXT_TELEMETRY_DISABLED"] = "1";

  await generateClient();
  if (!own) {
    say("Starting PostgreSQL …");
    const cluster = await startEmbedded(join(directory, "postgres"), secrets.databasePassword);
    if (!(await takeEmbedded(cluster.url))) {
      throw new SluiceError(
        "unavailable",
        `it runs on ${directory} already. Stop that one first, or set SLUICE_DATA_DIR to another folder.`,
      );
    }
    supervisor.onStopped(() => cluster.stop());
    cluster.keepRunning(say);
    process.env["DATABASE_URL"] = cluster.url;
    if (existsSync(loadingMark(directory))) {
      say("The sample was not loaded to its end the last time: starting it afresh.");
      await emptyDatabase(cluster.url);
    }
  }
  const applied = await migrate(process.env["DATABASE_URL"]!);
  if (applied.length > 0)
    say(`Prepared the database (${applied.length} migration${applied.length > 1 ? "s" : ""}).`);

  const dev = process.argv.includes("--dev");
  const { prepareInstallation } = await import("./start/installation");
  const [installation] = await Promise.all([
    prepareInstallation({
      directory,
      sample: !own && !process.argv.includes("--empty"),
      consoleUrl: `http://localhost:${port}`,
    }),
    dev ? Promise.resolve() : buildConsole(),
  ]);
  if (supervisor.stopping) return;

  say("Starting console, decision point and jobs …");
  const log = join(directory, "sluice.log");
  supervisor.logTo(log);
  const env = {
    AUTH_TRUST_HOST: "1",
    PORT: String(port),
    PDP_PORT: String(pdpPort),
    PDP_HOST: host,
    // Nobody stands before it here who would have to notice first that it stops.
    PDP_DRAIN_DELAY_MS: process.env["PDP_DRAIN_DELAY_MS"] ?? "0",
    HOST: host,
  };
  const next = join(process.cwd(), "node_modules/next/dist/bin/next");
  const mode = dev ? { command: "dev", env: { ...env, NODE_ENV: "development" } } : { command: "start", env };
  supervisor.run("console", [next, mode.command, "-p", String(port), "-H", host], mode.env);
  supervisor.run("decision point", ["--import", "tsx", "scripts/pdp.ts"], env);
  supervisor.run("jobs", ["--import", "tsx", "scripts/worker.ts"], env);
  await Promise.all([
    waitFor(`http://127.0.0.1:${port}/sign-in`, supervisor),
    waitFor(`http://127.0.0.1:${pdpPort}/readyz`, supervisor),
  ]);
  if (supervisor.stopping) return;
  say(`
  Console         http://localhost:${port}
  Decision point  http://localhost:${pdpPort}
  Log             ${log}
${installation}
Stop with Ctrl-C.`);
}

async function explain(error: unknown): Promise<string> {
  const { code, syscall } = (error ?? {}) as { code?: string; syscall?: string };
  if (code === "ENOSPC" || code === "53100" || (await isDiskFull())) {
    return "the disk is full. Free some space and start again.";
  }
  if (syscall === "mkdir" || code === "EACCES" || code === "EROFS")
    return `it may not write to ${dataDirectory()}. Set SLUICE_DATA_DIR to a folder it may write to.`;
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "28P01" || code === "3D000") {
    return `the database of DATABASE_URL does not let us in (${(error as Error).message || code}).`;
  }
  if (error instanceof SluiceError) return error.message;
  return existsSync("package.json")
    ? String((error as Error)?.stack ?? error)
    : "start it from the project's folder.";
}

/** PostgreSQL that finds no room goes away, and what was asked of it only says that it is gone. */
async function isDiskFull(): Promise<boolean> {
  const disk = await statfs(dataDirectory()).catch(() => null);
  return disk !== null && disk.bavail * disk.bsize < LITTLE_ROOM;
}

await main();
