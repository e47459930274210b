import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { createAdaptorServer } from "@hono/node-server";
import type { Pool } from "pg";
import { createPool } from "@/lib/db/pool";
import { SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";
import { createActorHash } from "./actor-hash";
import { createApp } from "./app";
import { startHeartbeat } from "./heartbeat";
import { createMetrics } from "./metrics";
import { problemResponse } from "./problem";
import { createRecorder, type RecorderOptions } from "./record";
import { createService } from "./service";
import type { Snapshot } from "./snapshot";
import { type SnapshotWatch, watchSnapshot } from "./watch-snapshot";
import { withConnection } from "./with-connection";

export interface DecisionPointOptions {
  /** Connection string of the database. */
  url: string;
  /** SLUICE_SECRET: at least 32 characters. */
  secret: string;
  host?: string;
  /** 0 for any free port. */
  port: number;
  /** Names it among the decision points of a database, uniquely; default `host:port`. */
  name?: string;
  now?: () => Date;
  /** Milliseconds between two looks at the snapshot's version. */
  pollMs?: number;
  /** Requests that one credential may make in a sliding minute; default 3,000,000. */
  perMinute?: number;
  recorder?: Partial<Pick<RecorderOptions, "writers" | "maxBatch" | "maxWaiting" | "timeoutMs">>;
}

export interface DecisionPoint {
  /** `http://host:port` */
  url: string;
  port: number;
  /** Takes nothing new, finishes what is in flight, and resolves when all of it is committed. */
  stop(): Promise<void>;
}

const POOL_SIZE = 6;
/** More than one decision point can answer: the bound keeps a runaway caller from crowding out the others. */
const PER_MINUTE = 3_000_000;
/** A snapshot not confirmed for this long (ms) may be missing a change. */
const STALE_MS = 5_000;
const PROBE_MS = 1_000;
/** What is still open this long (ms) after the order to stop is cut. */
const DRAIN_MS = 10_000;
const PART_MS = 50;

/** Starts a decision point. Throws `conflict` when the port is taken, `invalid` when the secret is too short. */
export async function startDecisionPoint(options: DecisionPointOptions): Promise<DecisionPoint> {
  const hashActor = createActorHash(options.secret);
  const host = options.host ?? "127.0.0.1";
  const now = options.now ?? (() => new Date());
  let app: ReturnType<typeof createApp> | null = null;
  const server = createAdaptorServer({
    fetch: (request, env) => (app === null ? problemResponse(starting()) : app.fetch(request, env)),
  }) as Server;
  const port = await listen(server, host, options.port);
  const name = options.name ?? nameOf(host, port);
  const pool = createPool(options.url, POOL_SIZE);
  const say = outageLog();
  const watch = await watchSnapshot({
    url: options.url,
    pool,
    now,
    ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
    onLoad: sayUnusablePolicies,
    onFailure: (error) => say("the snapshot cannot be refreshed", error),
  });
  const snapshotVersion = () => (watch.age() === null ? 0 : watch.current().version);
  const metrics = createMetrics({
    waiting: () => recorder.waiting,
    snapshotAge: () => (watch.age() ?? Number.NaN) / 1000,
    snapshotVersion,
  });
  const recorder = createRecorder(pool, {
    ...options.recorder,
    shard: name,
    now,
    onCommit: metrics.committed,
    onFailure: (error) => {
      metrics.commitFailed();
      say("decisions cannot be recorded", error);
    },
  });
  app = createApp({
    service: createService({ recorder, metrics, hashActor }),
    metrics,
    now,
    perMinute: options.perMinute ?? PER_MINUTE,
    snapshot: watch.current,
    unready: () => whyUnready(pool, watch),
  });
  const heartbeat = startHeartbeat({
    pool,
    name,
    now,
    snapshotVersion,
    onFailure: (error) => say("the heartbeat cannot be written", error),
  });
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    stop: async () => {
      await close(server);
      await recorder.drain();
      await heartbeat.stop();
      await watch.stop();
      await pool.end();
    },
  };
}

/** Two decision points on one database need two names; one that listens everywhere is named by its machine. */
function nameOf(host: string, port: number): string {
  return `${host === "0.0.0.0" || host === "::" ? hostname() : host}:${port}`;
}

function starting(): SluiceError {
  return new SluiceError("unavailable", "The decision point is starting.", { retryAfterSeconds: 1 });
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      const message = taken
        ? `Port ${port} is taken. Stop what listens there, or set PDP_PORT to another.`
        : `Cannot listen on ${host}:${port} (${error.code}).`;
      reject(new SluiceError(taken ? "conflict" : "unavailable", message, { cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Takes no new connection, lets each open one end its request and leave, and cuts what is left after a while. */
function close(server: Server): Promise<void> {
  server.prependListener("request", (_, response) => response.setHeader("Connection", "close"));
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    const part = setInterval(() => server.closeIdleConnections(), PART_MS);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(part);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function whyUnready(pool: Pool, watch: SnapshotWatch): Promise<string | null> {
  const age = watch.age();
  if (age === null) return "The policies are not loaded yet.";
  if (age > STALE_MS) return "The policies have not been confirmed for over 5 seconds.";
  return withConnection(pool, PROBE_MS, (client) => client.query("SELECT 1")).then(
    () => null,
    () => "The database does not answer.",
  );
}

function sayUnusablePolicies({ useCases }: Snapshot): void {
  for (const { slug, policies } of useCases.values()) {
    for (const { version, problem } of policies) {
      if (problem !== null) log.error({ useCase: slug, version, problem }, "policy cannot be used");
    }
  }
}

/** An outage is said at most once in ten seconds for each thing that it keeps from happening. */
function outageLog(): (what: string, error: unknown) => void {
  const said = new Map<string, number>();
  return (what, error) => {
    const at = performance.now();
    if (at - (said.get(what) ?? Number.NEGATIVE_INFINITY) < 10_000) return;
    said.set(what, at);
    log.error({ code: (error as { code?: unknown }).code, reason: String((error as Error).message) }, what);
  };
}
