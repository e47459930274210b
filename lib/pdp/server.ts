import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { createAdaptorServer } from "@hono/node-server";
import { createCanaries } from "@/lib/access/canary";
import { deriveSigner } from "@/lib/audit/keys";
import { createPool } from "@/lib/db/pool";
import { SluiceError } from "@/lib/errors";
import { log } from "@/lib/log";
import { createOutbound, outboundAllowed } from "@/lib/net/outbound";
import { createActorHash } from "./actor-hash";
import { createApp } from "./app";
import { createApprovals } from "./approvals";
import { createIdentities } from "./create-identities";
import { drainServer } from "./drain";
import { startTrafficExchange } from "./exchange-traffic";
import { startHeartbeat } from "./heartbeat";
import { noteRefused } from "./ingest";
import { createMetrics } from "./metrics";
import { createOutsideDetectors } from "./outside";
import { problemResponse } from "./problem";
import { createReadiness, SNAPSHOT_MAX_AGE_MS } from "./readiness";
import { createRecorder, type RecorderOptions } from "./record";
import { createService } from "./service";
import type { Snapshot } from "./snapshot";
import { Spool } from "./spool";
import { Traffic } from "./traffic";
import { watchSnapshot } from "./watch-snapshot";

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
  /** Hosts inside the own network that may be called; default those of SLUICE_OUTBOUND_ALLOW. */
  outboundAllow?: readonly string[];
  recorder?: Partial<Pick<RecorderOptions, "writers" | "maxBatch" | "maxWaiting" | "maxAgeMs" | "timeoutMs">>;
  /** Folder of the spools, which take decisions while the database is away; without it they are refused then. */
  spoolDir?: string | null;
  /** Bytes that the spool may take; default 1 GiB. */
  spoolBytes?: number;
  /** Milliseconds for which it decides by a snapshot that the database does not confirm; default one hour. */
  snapshotMaxAgeMs?: number;
  /** Milliseconds for which a stopping one still takes requests, so that a load balancer can notice; default 0. */
  drainDelayMs?: number;
}

export interface DecisionPoint {
  /** `http://host:port` */
  url: string;
  port: number;
  /** Takes nothing new, finishes what is in flight, and resolves when all of it is committed. */
  stop(): Promise<void>;
}

const POOL_SIZE = 6;
/** Apart from the others: a flood of held requests keeps no decision waiting for a connection. */
const APPROVALS_POOL_SIZE = 2;
/** More than one decision point can answer: the bound keeps a runaway caller from crowding out the others. */
const PER_MINUTE = 3_000_000;
const SPOOL_BYTES = 1024 ** 3;

/** Starts a decision point. Throws `conflict` when the port is taken, `invalid` when the secret is too short. */
export async function startDecisionPoint(options: DecisionPointOptions): Promise<DecisionPoint> {
  const hashActor = createActorHash(options.secret);
  const host = options.host ?? "127.0.0.1";
  const now = options.now ?? (() => new Date());
  let app: ReturnType<typeof createApp> | null = null;
  const server = createAdaptorServer({
    fetch: (request, env) => {
      if (app === null) return problemResponse(starting());
      return request.method === "POST" && recorder.isOverloaded ? refuse(busy()) : app.fetch(request, env);
    },
  }) as Server;
  const port = await listen(server, host, options.port);
  const name = options.name ?? nameOf(host, port);
  const spool = await openSpool(options, name).catch((error: unknown) => {
    server.close();
    throw error;
  });
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
    isAway: () => recorder.isAway,
    spoolBytes: () => spool?.bytes ?? 0,
    spoolDecisions: () => spool?.decisions ?? 0,
    snapshotAge: () => (watch.age() ?? Number.NaN) / 1000,
    snapshotVersion,
  });
  const recorder = createRecorder(pool, {
    ...options.recorder,
    shard: name,
    now,
    spool,
    onCommit: metrics.committed,
    onFailure: (error) => {
      metrics.commitFailed();
      say("decisions cannot be recorded", error);
    },
    onSpooled: (size, error) => {
      metrics.spooled(size);
      if (error !== undefined) say("the spool cannot be written", error);
    },
    onIngested: metrics.ingested,
    onAway: ({ id }) => log.warn({ outage: id }, "the database is away; decisions go to the spool"),
    onBack: (outage, refused) => {
      log.info({ outage: outage.id, refused }, "the database is back");
      if (refused > 0) noteRefused(pool, name, outage, { now: now(), refused }).catch(() => {});
    },
  });
  const approvalsPool = createPool(options.url, APPROVALS_POOL_SIZE);
  const approvals = createApprovals({
    pool: approvalsPool,
    secret: options.secret,
    now,
    onFailure: (error) => say("held requests cannot be read or written", error),
  });
  const outbound = createOutbound(
    options.outboundAllow ?? outboundAllowed(process.env["SLUICE_OUTBOUND_ALLOW"]),
  );
  const identities = createIdentities({
    pool,
    secret: options.secret,
    outbound,
    hashActor,
    onFailure: (issuer, error) => say(`the keys of ${issuer} cannot be fetched`, error),
  });
  let isStopping = false;
  const readiness = createReadiness({
    pool,
    watch,
    recorder,
    spool,
    snapshotMaxAgeMs: options.snapshotMaxAgeMs ?? SNAPSHOT_MAX_AGE_MS,
    isStopping: () => isStopping,
  });
  function refuse(error: SluiceError): Response {
    metrics.refused(error.code);
    return problemResponse(error);
  }
  const traffic = new Traffic();
  app = createApp({
    service: createService({
      recorder,
      metrics,
      hashActor,
      traffic,
      hold: approvals.hold,
      canaries: createCanaries(options.secret),
      snapshot: watch.current,
      outside: createOutsideDetectors({
        outbound,
        secret: options.secret,
        onAnswer: metrics.outsideAnswered,
        onFailure: (detector, error) => say(`the detector ${detector} cannot be asked`, error),
      }),
    }),
    approvals,
    ...identities,
    metrics,
    now,
    signer: deriveSigner(options.secret),
    perMinute: options.perMinute ?? PER_MINUTE,
    snapshot: readiness.snapshot,
    unready: readiness.unready,
    degraded: readiness.degraded,
  });
  const exchange = startTrafficExchange({
    pool,
    traffic,
    now,
    onFailure: (error) => say("traffic cannot be told to the other decision points", error),
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
      isStopping = true;
      approvals.release();
      await drainServer(server, options.drainDelayMs ?? 0);
      await recorder.stop();
      await spool?.close();
      await exchange.stop();
      await heartbeat.stop();
      await watch.stop();
      outbound.close();
      await approvalsPool.end();
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

function busy(): SluiceError {
  return new SluiceError("unavailable", "The decision point is overloaded; try again shortly.", {
    retryAfterSeconds: 1,
  });
}

async function openSpool({ spoolDir, spoolBytes }: DecisionPointOptions, name: string) {
  if (!spoolDir) return null;
  const onProblem = (what: string, detail: Record<string, string | number>) => log.error(detail, what);
  try {
    return await Spool.open({ directory: spoolDir, name, maxBytes: spoolBytes ?? SPOOL_BYTES, onProblem });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SluiceError(
      "unavailable",
      `The spool cannot be kept in ${spoolDir} (${code}). Let this user write there, set SLUICE_DATA_DIR to another folder, or PDP_SPOOL_BYTES=0 to do without.`,
      { cause },
    );
  }
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
