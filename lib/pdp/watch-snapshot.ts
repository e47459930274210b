import pg from "pg";
import { SluiceError } from "@/lib/errors";
import { loadSnapshot, type PolicyCache } from "./load-snapshot";
import type { Snapshot } from "./snapshot";

export interface SnapshotOptions {
  /** Connection string for LISTEN; the pool is used to read. */
  url: string;
  pool: pg.Pool;
  now: () => Date;
  /** Milliseconds between two looks at the version counter. */
  pollMs?: number;
  /** Told of each snapshot that was loaded. */
  onLoad?: (snapshot: Snapshot) => void;
  /** Told of what kept it from being loaded or heard of. */
  onFailure?: (error: unknown) => void;
}

export interface SnapshotWatch {
  /** The newest snapshot; throws `unavailable` while none could be loaded. */
  current(): Snapshot;
  /** Milliseconds since the snapshot was last known to be the newest; null while there is none. */
  age(): number | null;
  stop(): Promise<void>;
}

const POLL_MS = 1_000;
/** Longest wait (ms) for an answer on the line on which changes are announced. */
const ANSWER_MS = 2_000;

/**
 * Keeps the snapshot fresh: it listens for `sluice_snapshot`, and looks at the version counter every second for what
 * it might have missed. The old snapshot stays while the next is loaded, and when the database is away.
 * Resolves once the first attempt to load has ended, either way.
 */
export async function watchSnapshot(options: SnapshotOptions): Promise<SnapshotWatch> {
  const cache: PolicyCache = new Map();
  let snapshot: Snapshot | null = null;
  let confirmedAt = 0;
  let stopped = false;
  let listener: pg.Client | null = null;
  let reloading: Promise<void> | null = null;
  let again = false;

  async function load(): Promise<void> {
    const started = performance.now();
    snapshot = await loadSnapshot(options.pool, options.now(), cache);
    confirmedAt = started;
    options.onLoad?.(snapshot);
  }

  /** One load at a time; what is announced meanwhile causes exactly one more. */
  function reload(): Promise<void> {
    if (reloading !== null) {
      again = true;
      return reloading;
    }
    reloading = (async () => {
      try {
        do {
          again = false;
          await load();
        } while (again && !stopped);
      } catch (error) {
        options.onFailure?.(error);
      } finally {
        reloading = null;
      }
    })();
    return reloading;
  }

  async function listen(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: options.url,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    client.on("error", () => lose(client));
    client.on("end", () => lose(client));
    client.on("notification", () => void reload());
    await client.connect();
    await client.query("LISTEN sluice_snapshot");
    listener = client;
    return client;
  }

  function lose(client: pg.Client): void {
    if (listener === client) listener = null;
  }

  /** Asked on the line on which changes are announced: one that is dead shows here and is laid anew. */
  async function look(): Promise<void> {
    const started = performance.now();
    try {
      const client = listener ?? (await listen());
      const { rows } = await client.query<{ n: string }>("SELECT n FROM snapshot_version").catch((error) => {
        lose(client);
        client.end().catch(() => {});
        throw error;
      });
      if (snapshot === null || Number(rows[0]?.n) !== snapshot.version) await reload();
      else confirmedAt = started;
    } catch (error) {
      options.onFailure?.(error);
    }
  }

  await look();
  let timer = setTimeout(tick, options.pollMs ?? POLL_MS);
  async function tick(): Promise<void> {
    await look();
    if (!stopped) timer = setTimeout(tick, options.pollMs ?? POLL_MS);
  }

  return {
    current: () => {
      if (snapshot !== null) return snapshot;
      throw new SluiceError("unavailable", "The policies are not loaded yet.", { retryAfterSeconds: 1 });
    },
    age: () => (snapshot === null ? null : performance.now() - confirmedAt),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await reloading;
      await listener?.end().catch(() => {});
    },
  };
}
