import type { Pool } from "pg";
import { type Ingested, type IngestOptions, ingest, lateItems } from "./ingest";
import type { Spool } from "./spool";
import { withConnection } from "./with-connection";

export interface IngesterOptions extends Omit<IngestOptions, "setAside"> {
  pool: Pool;
  spool: Spool;
  /** Whether decisions go to the spool now, and nothing is under way that will show by itself how the database is. */
  mayProbe: () => boolean;
  /** Told when the database has taken something. */
  onAnswer: () => void;
  onIngested?: (counts: Ingested) => void;
  onFailure?: (error: unknown) => void;
}

export interface Ingester {
  /** There is something to do: the spool holds something, or the database went away. */
  wake(): void;
  /** Resolves when nothing is under way any more. What the spool holds stays there. */
  stop(): Promise<void>;
}

/** Decisions in one transaction. */
const CHUNK = 512;
/** Between two attempts (ms) while the database is away: at first, and at most. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;
/** Between two looks (ms) for files that a living process of the same name still has. */
const LOOK_MS = 5_000;

/**
 * Brings what the spool holds into the database, oldest first, whenever it can. The first success is also how the
 * return of the database is noticed: it has taken a write like those that are waiting.
 */
export function startIngester(options: IngesterOptions): Ingester {
  const { pool, spool } = options;
  const setAside = spool.setAside.bind(spool);
  let stopped = false;
  let isWoken = false;
  let release = () => {};

  async function turn(): Promise<boolean> {
    const oldest = await spool.oldest(CHUNK);
    if (oldest === null) {
      if (options.mayProbe()) await probe(pool, options.timeoutMs).then(options.onAnswer);
      return false;
    }
    const items = lateItems(oldest.records);
    const counts = items.length > 0 ? await ingest(pool, items, { ...options, setAside }) : null;
    await oldest.done();
    options.onAnswer();
    if (counts) options.onIngested?.(counts);
    return true;
  }

  const pause = (ms: number | null) =>
    new Promise<void>((done) => {
      const timer = ms === null ? undefined : setTimeout(done, ms);
      release = () => {
        clearTimeout(timer);
        done();
      };
    });

  async function run(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!stopped) {
      isWoken = false;
      try {
        if (await turn()) {
          wait = FIRST_WAIT_MS;
          continue;
        }
        const left = await spool.adopt();
        if (!stopped && !isWoken) await pause(left ? LOOK_MS : null);
      } catch (error) {
        options.onFailure?.(error);
        await waitOut(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    }
  }

  /** A wake does not shorten it: while the database is away, every decision would. */
  async function waitOut(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (!stopped && performance.now() < until) await pause(until - performance.now());
  }

  const running = run();
  return {
    wake: () => {
      isWoken = true;
      release();
    },
    stop: () => {
      stopped = true;
      release();
      return running;
    },
  };
}

/** Throws unless the database answers and takes writes. */
async function probe(pool: Pool, timeoutMs: number): Promise<void> {
  const { rows } = await withConnection(pool, timeoutMs, (client) =>
    client.query<{ closed: boolean }>(
      "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS closed",
    ),
  );
  if (rows[0]?.closed) throw new Error("The database takes no writes.");
}
