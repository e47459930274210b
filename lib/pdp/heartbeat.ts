import type { Pool, PoolClient } from "pg";
import { withConnection } from "./with-connection";

export interface HeartbeatOptions {
  pool: Pool;
  name: string;
  now: () => Date;
  /** Version of the snapshot it decides by. */
  snapshotVersion: () => number;
  everyMs?: number;
  onFailure?: (error: unknown) => void;
}

const EVERY_MS = 15_000;
const LONGEST_MS = 5_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Says every 15 seconds that this decision point is up, so that an hour without decisions can be told from an hour
 * without telemetry (hours in which the database was away are said afterwards); and has tomorrow's partition made before tomorrow.
 */
export function startHeartbeat(options: HeartbeatOptions): { stop(): Promise<void> } {
  const startedAt = options.now();
  /** Hours in which it was up and could not say so, by their number. */
  const missed = new Map<number, Date>();
  let beating = Promise.resolve();

  async function write(client: PoolClient, now: Date): Promise<void> {
    await client.query(
      `INSERT INTO decision_point (name, started_at, seen_at, snapshot) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at, seen_at = excluded.seen_at,
         snapshot = excluded.snapshot`,
      [options.name, startedAt, now, options.snapshotVersion()],
    );
    await client.query(
      `INSERT INTO decision_point_hour (hour, name)
       SELECT DISTINCT date_trunc('hour', t, 'UTC'), $2 FROM unnest($1::timestamptz[]) AS t ON CONFLICT DO NOTHING`,
      [[now, ...missed.values()], options.name],
    );
    for (const day of [now, new Date(now.getTime() + DAY_MS)]) {
      await client.query("SELECT ensure_decision_partition($1::date)", [day.toISOString().slice(0, 10)]);
    }
  }

  async function beat(): Promise<void> {
    const now = options.now();
    try {
      await withConnection(options.pool, LONGEST_MS, (client) => write(client, now));
      missed.clear();
    } catch (error) {
      missed.set(Math.floor(now.getTime() / HOUR_MS), now);
      options.onFailure?.(error);
    }
  }

  beating = beat();
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, options.everyMs ?? EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return beating;
    },
  };
}
