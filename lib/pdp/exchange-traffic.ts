import { randomUUID } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { SESSION_MS, type Traffic, type TrafficHeard, type TrafficTold } from "./traffic";
import { withConnection } from "./with-connection";

export interface ExchangeOptions {
  pool: Pool;
  traffic: Traffic;
  now: () => Date;
  /** Milliseconds between two exchanges; default 1,000. */
  everyMs?: number;
  onFailure?: (error: unknown) => void;
}

const EVERY_MS = 1_000;
const LONGEST_MS = 2_000;
/** Seconds for which a transaction that tells may have been open. */
const SLACK_S = 3;
/** Sessions heard of in one exchange. */
const MOST_SESSIONS = 50_000;

const TELL_REQUESTS = `
INSERT INTO traffic_told (instance, workload_id, n, at)
SELECT $1, w, n, $4 FROM unnest($2::uuid[], $3::int[]) AS x(w, n)
ON CONFLICT (instance, workload_id) DO UPDATE SET n = excluded.n, at = excluded.at`;

/** In order of the sessions, so that nobody waits in a circle. One that was silent for a day begins anew. */
const TELL_TOOL_CALLS = `
INSERT INTO session_tool_calls AS t (session, n, at, told_at)
SELECT decode(s, 'hex'), n, a, clock_timestamp()
FROM unnest($1::text[], $2::int[], $3::timestamptz[]) AS x(s, n, a) ORDER BY 1
ON CONFLICT (session) DO UPDATE SET
  n = CASE WHEN excluded.at - t.at > interval '${SESSION_MS / 1000} seconds' THEN excluded.n ELSE t.n + excluded.n END,
  at = greatest(t.at, excluded.at), told_at = excluded.told_at
RETURNING encode(session, 'hex') AS session, n, at`;

/** By the clock of the database, which all of them share; with some slack for what was being written. */
const HEAR_TOOL_CALLS = `
SELECT encode(session, 'hex') AS session, n, at FROM session_tool_calls
WHERE told_at > clock_timestamp() - make_interval(secs => $1) ORDER BY told_at DESC LIMIT ${MOST_SESSIONS}`;

const HEAR_REQUESTS = `
SELECT workload_id AS workload, n, at FROM traffic_told
WHERE instance <> $1 AND at > $2::timestamptz - interval '62 seconds'`;

/**
 * Tells the other decision points of a database every second what this one has seen, and hears what they have. So counts
 * of traffic are right across all of them, to within what the others saw since their last exchange: a second's traffic
 * and the time that the exchange takes. While the database is away each counts alone, and tells afterwards.
 */
export function startTrafficExchange(options: ExchangeOptions): { stop(): Promise<void> } {
  const { pool, traffic, now, everyMs = EVERY_MS } = options;
  const instance = randomUUID();
  let stopped = false;
  let heardAt = performance.now();
  let timer: NodeJS.Timeout;

  async function exchange(): Promise<void> {
    const at = now();
    const begun = performance.now();
    const told = traffic.tell(at.getTime());
    const words = { instance, told, at, sinceS: (begun - heardAt) / 1000 };
    try {
      traffic.hear(await withConnection(pool, LONGEST_MS, (client) => swap(client, words)));
      heardAt = begun;
    } catch (error) {
      traffic.takeBack(told);
      options.onFailure?.(error);
    }
  }

  let exchanging = exchange().then(next);
  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      exchanging = exchange().then(next);
    }, everyMs);
  }
  return {
    /** The last word is told too: who goes on serving these sessions knows of all their calls. */
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await exchanging;
      await exchange();
    },
  };
}

async function swap(
  client: PoolClient,
  { instance, told, at, sinceS }: { instance: string; told: TrafficTold; at: Date; sinceS: number },
): Promise<TrafficHeard> {
  await client.query("BEGIN");
  if (told.requests.size > 0) {
    const ordered = [...told.requests].sort(([a], [b]) => (a < b ? -1 : 1));
    const [workloads, counts] = [ordered.map(([workload]) => workload), ordered.map(([, n]) => n)];
    await client.query(TELL_REQUESTS, [instance, workloads, counts, at]);
  }
  const calls = [...told.toolCalls.values()];
  const mine = await sessions(client, TELL_TOOL_CALLS, [
    [...told.toolCalls.keys()],
    calls.map(({ n }) => n),
    calls.map(({ atMs }) => new Date(atMs)),
  ]);
  await client.query("COMMIT");
  const theirs = await sessions(client, HEAR_TOOL_CALLS, [sinceS + SLACK_S]);
  const { rows } = await client.query<{ workload: string; n: number; at: Date }>(HEAR_REQUESTS, [
    instance,
    at,
  ]);
  return {
    requests: rows.map(({ workload, n, at: since }) => ({ workload, n, atMs: since.getTime() })),
    toolCalls: new Map([...mine, ...theirs]),
  };
}

async function sessions(
  client: PoolClient,
  sql: string,
  values: unknown[],
): Promise<[string, { n: number; atMs: number }][]> {
  const { rows } = await client.query<{ session: string; n: number; at: Date }>(sql, values);
  return rows.map(({ session, n, at }) => [session, { n, atMs: at.getTime() }]);
}
