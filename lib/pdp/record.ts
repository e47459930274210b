import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { SluiceError } from "@/lib/errors";
import { commitItems, type Item, Known, type Recorded } from "./commit";
import { isDuplicate, isPassing, isRefused, refusal } from "./database-error";
import type { Decision } from "./decision";
import { type Claim, claimName } from "./idempotency";
import type { Ingested } from "./ingest";
import { type Ingester, startIngester } from "./ingester";
import type { Spool } from "./spool";
import type { Outage } from "./spool-segment";

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
  /** Longest wait (ms) for a turn, that of the oldest now or that to be expected; beyond, they are refused at once. */
  maxAgeMs?: number;
  /** Longest wait for the database, in milliseconds. */
  timeoutMs?: number;
  /** Takes decisions while the database is away; without it they are refused. */
  spool?: Spool | null;
  now?: () => Date;
  /** Told of each committed transaction: decisions in it and milliseconds that it took. */
  onCommit?: (size: number, ms: number) => void;
  /** Told of each transaction that failed. */
  onFailure?: (error: unknown) => void;
  /** Told of each append to the spool: decisions in it, and why there were none if it failed. */
  onSpooled?: (size: number, error?: unknown) => void;
  onIngested?: (counts: Ingested) => void;
  /** Told when the database went away and when it was back, with how many decisions had to be refused. */
  onAway?: (outage: Outage) => void;
  onBack?: (outage: Outage, refused: number) => void;
}

export interface Recorder {
  /**
   * Resolves once the decision is committed, or in the spool while the database is away. With a claim whose key was
   * taken before, nothing is written and the kept answer is returned. Throws `unavailable` when it is overloaded, or
   * when the decision can be written nowhere.
   */
  record(decision: Decision, claim?: Claim): Promise<Recorded>;
  /** Records many, never more waiting than the queue takes. For whoever brings decisions of the past. */
  recordAll(decisions: Iterable<Decision>): Promise<void>;
  /** Decisions that wait for a transaction. */
  readonly waiting: number;
  /** True while another decision would wait too long. */
  readonly isOverloaded: boolean;
  /** True while decisions go to the spool. */
  readonly isAway: boolean;
  /** Resolves when nothing waits and nothing is in flight. */
  drain(): Promise<void>;
  /** Drains, and ends what brings late decisions in. */
  stop(): Promise<void>;
}

interface Waiting extends Item {
  /** `performance.now()` */
  since: number;
  resolve(recorded: Recorded): void;
  reject(error: unknown): void;
}

const unavailable = (message: string, cause?: unknown) =>
  new SluiceError("unavailable", message, { retryAfterSeconds: 1, cause });
const AWAY = "Decisions cannot be recorded now; the database does not answer.";
/** Clients wait for two seconds; what the database has not taken by then must have its answer from the spool. */
const BEFORE_CLIENTS_GIVE_UP_MS = 1_200;
/** What the pace of commits takes over of the newest. */
const NEWEST_SHARE = 0.2;

/**
 * Group commit: while transactions are in flight, decisions wait; whatever waits when one ends goes into the next.
 * The busier it is, the larger the groups, and the cost of a commit is shared by more. While the database is away
 * the same groups go to the spool, one append after the other.
 */
export function createRecorder(pool: Pool, options: RecorderOptions): Recorder {
  const { shard, writers = 2, maxBatch = 512, maxWaiting = 5_000 } = options;
  const { maxAgeMs = 500, spool = null } = options;
  const { timeoutMs = spool === null ? 2_000 : BEFORE_CLIENTS_GIVE_UP_MS } = options;
  const now = options.now ?? (() => new Date());
  const known = new Known();
  const idle = Array.from({ length: writers }, (_, at) => `${shard}/${at}`);
  const idleListeners: (() => void)[] = [];
  let queue: Waiting[] = [];
  let scheduled = false;
  let inFlight = 0;
  let isSpooling = false;
  let outage: Outage | null = null;
  let refused = 0;
  /** Milliseconds that a commit takes of late, and `performance.now()` at the end of the last. */
  let pace = 0;
  let lastCommit = 0;

  const ingester: Ingester | null =
    spool &&
    startIngester({
      pool,
      spool,
      decisionPoint: shard,
      known: new Known(),
      timeoutMs,
      mayProbe: () => outage !== null && idle.length === writers,
      onAnswer: comeBack,
      ...(options.onIngested && { onIngested: options.onIngested }),
      ...(options.onFailure && { onFailure: options.onFailure }),
    });

  async function commit(
    items: readonly Waiting[],
    writer: string,
    attempt = 1,
    recordedAt = now(),
  ): Promise<void> {
    const started = performance.now();
    const stall = spool && setTimeout(() => lastCommit < started && goAway(), maxAgeMs);
    try {
      const recorded = await commitItems(pool, items, { known, shard: writer, at: recordedAt, timeoutMs });
      committed(items.length, performance.now() - started);
      for (const [at, item] of items.entries()) item.resolve(recorded[at] as Recorded);
    } catch (error) {
      if (stall) clearTimeout(stall);
      if (isPassing(error) && attempt < 4) return commit(items, writer, attempt + 1, recordedAt);
      if (isRefused(error) || isDuplicate(error)) return commitRefused(items, writer, attempt, error);
      options.onFailure?.(error);
      await fallBack(items, recordedAt, error);
    } finally {
      if (stall) clearTimeout(stall);
    }
  }

  function committed(size: number, ms: number): void {
    lastCommit = performance.now();
    pace += (ms - pace) * (pace === 0 ? 1 : NEWEST_SHARE);
    options.onCommit?.(size, ms);
    if (spool?.decisions === 0) comeBack();
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
    for (const item of items) item.reject(refusal(error));
  }

  /**
   * What could not be committed goes to the spool. Whether its commit had reached the database is not known; the
   * ingestion leaves out what it finds there, and so the instant stays the one that was tried. Without a spool,
   * whoever waits learns now what one timeout would tell.
   */
  async function fallBack(items: readonly Waiting[], recordedAt: Date, error: unknown): Promise<void> {
    if (spool !== null) {
      goAway();
      return appendToSpool(spool, items, recordedAt);
    }
    const failed = [...items, ...queue];
    queue = [];
    for (const item of failed) item.reject(unavailable(AWAY, error));
  }

  /** A database that came back may not have what it had; what is known of it is asked anew. */
  function goAway(): void {
    if (outage !== null) return;
    outage = { id: randomUUID(), since: now() };
    refused = 0;
    known.forget();
    options.onAway?.(outage);
    ingester?.wake();
    pump();
  }

  function comeBack(): void {
    if (outage === null) return;
    const over = outage;
    outage = null;
    options.onBack?.(over, refused);
    pump();
  }

  async function appendToSpool(to: Spool, items: readonly Waiting[], at = now()): Promise<void> {
    const mine = items.map(({ decision, claim }) => ({ decision: { ...decision, late: true }, claim }));
    try {
      await to.append({ at, outage: outage ?? { id: randomUUID(), since: at }, items: mine });
      options.onSpooled?.(items.length);
      for (const item of items) item.resolve({ recordedAt: at, kept: null });
    } catch (error) {
      refused += items.length;
      options.onSpooled?.(0, error);
      for (const item of items) item.reject(unavailable(AWAY, error));
    }
    ingester?.wake();
  }

  /** What may be started now, or null when all is busy. */
  function nextTurn(): ((items: readonly Waiting[]) => Promise<void>) | null {
    if (outage !== null && spool !== null) {
      if (isSpooling) return null;
      isSpooling = true;
      return (items) => appendToSpool(spool, items).finally(() => (isSpooling = false));
    }
    const writer = idle.pop();
    if (writer === undefined) return null;
    return (items) => commit(items, writer).finally(() => idle.push(writer));
  }

  function pump(): void {
    scheduled = false;
    while (queue.length > 0) {
      const turn = nextTurn();
      if (turn === null) return;
      inFlight += 1;
      void turn(queue.splice(0, maxBatch)).finally(() => {
        inFlight -= 1;
        pump();
        if (isIdle()) for (const wake of idleListeners.splice(0)) wake();
      });
    }
  }

  const isIdle = () => inFlight === 0 && queue.length === 0;

  /** Requests read in the same turn of the event loop join the same transaction. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(pump);
  }

  function isOverloaded(): boolean {
    const oldest = queue[0];
    if (oldest === undefined) return false;
    if (queue.length >= maxWaiting || performance.now() - oldest.since > maxAgeMs) return true;
    return outage === null && (Math.ceil(queue.length / maxBatch) * pace) / writers > maxAgeMs;
  }

  function enqueue(decision: Decision, claim: Claim | null): Promise<Recorded> {
    return new Promise((resolve, reject) => {
      queue.push({ decision, claim, since: performance.now(), resolve, reject });
      schedule();
    });
  }

  async function record(decision: Decision, claim: Claim | null = null): Promise<Recorded> {
    if (isOverloaded()) throw unavailable("Too many decisions wait to be recorded; try again shortly.");
    const name = claim && spool ? claimName(claim) : null;
    if (name === null || !spool?.holds(name)) return enqueue(decision, claim);
    const kept = await spool.kept(name);
    return kept === null ? enqueue(decision, claim) : { recordedAt: kept.recordedAt, kept };
  }

  const drain = () => (isIdle() ? Promise.resolve() : new Promise<void>((wake) => idleListeners.push(wake)));
  return {
    record,
    recordAll: async (decisions) => {
      const window: Promise<Recorded>[] = [];
      for (const decision of decisions) {
        window.push(enqueue(decision, null));
        if (window.length >= maxBatch * writers) await Promise.all(window.splice(0));
      }
      await Promise.all(window);
    },
    get waiting() {
      return queue.length;
    },
    get isOverloaded() {
      return isOverloaded();
    },
    get isAway() {
      return outage !== null;
    },
    drain,
    stop: async () => {
      await drain();
      await ingester?.stop();
    },
  };
}
