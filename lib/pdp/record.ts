import type { Pool } from "pg";
import { SluiceError } from "@/lib/errors";
import { commitItems, type Item, Known, type Recorded } from "./commit";
import type { Decision } from "./decision";
import type { Claim } from "./idempotency";

export type { Recorded } from "./commit";

export interface RecorderOptions {
  /** Names the writer in the tables of hours; two processes must not share one. */
  shard: string;
  /** Transactions in flight at most. */
  writers?: number;
  /** Decisions in one transaction at most. */
  maxBatch?: number;
  /** Decisions waiting at most; beyond, they are refused at once. */
  maxWaiting?: number;
  /** Longest wait for the database, in milliseconds. */
  timeoutMs?: number;
  now?: () => Date;
  /** Told of each committed transaction: decisions in it and milliseconds that it took. */
  onCommit?: (size: number, ms: number) => void;
  /** Told of each transaction that failed. */
  onFailure?: (error: unknown) => void;
}

export interface Recorder {
  /**
   * Resolves once the decision is committed. With a claim whose key was taken before, nothing is written and the
   * kept answer is returned. Throws `unavailable` when the queue is full or the database is away.
   */
  record(decision: Decision, claim?: Claim): Promise<Recorded>;
  /** Records many, never more waiting than the queue takes. For whoever brings decisions of the past. */
  recordAll(decisions: Iterable<Decision>): Promise<void>;
  /** Decisions that wait for a transaction. */
  readonly waiting: number;
  /** Resolves when nothing waits and nothing is in flight. */
  drain(): Promise<void>;
}

interface Waiting extends Item {
  resolve(recorded: Recorded): void;
  reject(error: unknown): void;
}

const unavailable = (message: string, cause?: unknown) =>
  new SluiceError("unavailable", message, { retryAfterSeconds: 1, cause });
const AWAY = "Decisions cannot be recorded now; the database does not answer.";

/** What the database says of the row that it refuses may hold values of it, and goes no further. */
const refused = (error: unknown) =>
  new Error(`The database refused a decision (SQLSTATE ${(error as { code?: unknown }).code}).`);

/** Data that the database refuses (SQLSTATE classes 22 and 23): the fault of one item, not of its neighbours. */
function isRefused(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown }).code));
}

/** A deadlock or a serialization failure: the same again may well succeed. */
function isPassing(error: unknown): boolean {
  return ["40P01", "40001"].includes(String((error as { code?: unknown }).code));
}

/**
 * Group commit: while transactions are in flight, decisions wait; whatever waits when one ends goes into the next.
 * The busier it is, the larger the groups, and the cost of a commit is shared by more.
 */
export function createRecorder(pool: Pool, options: RecorderOptions): Recorder {
  const { shard, writers = 2, maxBatch = 512, maxWaiting = 5_000, timeoutMs = 2_000 } = options;
  const now = options.now ?? (() => new Date());
  const known = new Known();
  const idle = Array.from({ length: writers }, (_, at) => `${shard}/${at}`);
  const idleListeners: (() => void)[] = [];
  let queue: Waiting[] = [];
  let scheduled = false;
  let inFlight = 0;

  async function commit(items: readonly Waiting[], writer: string, attempt = 1): Promise<void> {
    const started = performance.now();
    try {
      const recorded = await commitItems(pool, items, { known, shard: writer, at: now(), timeoutMs });
      options.onCommit?.(items.length, performance.now() - started);
      for (const [at, item] of items.entries()) item.resolve(recorded[at] as Recorded);
    } catch (error) {
      if (isPassing(error) && attempt < 4) return commit(items, writer, attempt + 1);
      if (isRefused(error)) return commitRefused(items, writer, attempt, error);
      options.onFailure?.(error);
      for (const item of items) item.reject(unavailable(AWAY, error));
      failWaiting(error);
    }
  }

  /** First what was known is asked anew (a partition may be gone), then each stands for itself. */
  async function commitRefused(items: readonly Waiting[], writer: string, attempt: number, error: unknown) {
    if (attempt === 1) {
      known.forget();
      return commit(items, writer, 2);
    }
    if (items.length > 1) {
      for (const item of items) await commit([item], writer, 2);
      return;
    }
    options.onFailure?.(error);
    for (const item of items) item.reject(refused(error));
  }

  /** The database is away: whoever waits learns it now rather than one timeout later. */
  function failWaiting(error: unknown): void {
    const failed = queue;
    queue = [];
    for (const item of failed) item.reject(unavailable(AWAY, error));
  }

  function pump(): void {
    scheduled = false;
    while (queue.length > 0) {
      const writer = idle.pop();
      if (writer === undefined) return;
      const items = queue.splice(0, maxBatch);
      inFlight += 1;
      void commit(items, writer).finally(() => {
        inFlight -= 1;
        idle.push(writer);
        pump();
        if (inFlight === 0 && queue.length === 0) for (const wake of idleListeners.splice(0)) wake();
      });
    }
  }

  /** Requests read in the same turn of the event loop join the same transaction. */
  function schedule(): void {
    if (scheduled || idle.length === 0) return;
    scheduled = true;
    setImmediate(pump);
  }

  function record(decision: Decision, claim: Claim | null = null): Promise<Recorded> {
    if (queue.length >= maxWaiting) {
      return Promise.reject(unavailable("Too many decisions wait to be recorded; try again shortly."));
    }
    return new Promise((resolve, reject) => {
      queue.push({ decision, claim, resolve, reject });
      schedule();
    });
  }

  return {
    record,
    recordAll: async (decisions) => {
      const window: Promise<Recorded>[] = [];
      for (const decision of decisions) {
        window.push(record(decision));
        if (window.length >= maxBatch * writers) await Promise.all(window.splice(0));
      }
      await Promise.all(window);
    },
    get waiting() {
      return queue.length;
    },
    drain: () =>
      inFlight === 0 && queue.length === 0
        ? Promise.resolve()
        : new Promise<void>((wake) => idleListeners.push(wake)),
  };
}
