import type { Pool } from "pg";
import { SluiceError } from "@/lib/errors";
import { withConnection } from "./with-connection";

export interface VerdictWatch {
  /**
   * Resolves when a person has decided, when `ms` have passed, when the caller is gone, and when the decision point
   * stops: whoever waits looks again then. Throws `unavailable` when too many wait.
   */
  wait(id: string, ms: number, gone: AbortSignal): Promise<void>;
  readonly waiting: number;
  /** Lets everyone go, and whoever comes from now on. */
  release(): void;
}

/** Callers that wait at one decision point at most. */
const MAX_WAITERS = 1_000;
const EVERY_MS = 1_000;
const TIMEOUT_MS = 2_000;
const DECIDED = "SELECT id FROM approval_request WHERE id = ANY($1::uuid[]) AND verdict IS NOT NULL";

/** Waits for verdicts with one query a second for all who wait together, and none while nobody does. */
export function createVerdictWatch(
  pool: Pool,
  options: { everyMs?: number; maxWaiters?: number; onFailure?: (error: unknown) => void } = {},
): VerdictWatch {
  const { everyMs = EVERY_MS, maxWaiters = MAX_WAITERS, onFailure } = options;
  const waiters = new Map<() => void, string>();
  let timer: NodeJS.Timeout | null = null;
  let released = false;

  async function look(): Promise<void> {
    try {
      const ids = [...new Set(waiters.values())];
      const decided = await withConnection(pool, TIMEOUT_MS, (client) =>
        client.query<{ id: string }>(DECIDED, [ids]),
      );
      const known = new Set(decided.rows.map(({ id }) => id));
      for (const [wake, id] of waiters) if (known.has(id)) wake();
    } catch (error) {
      onFailure?.(error);
    }
    timer = null;
    schedule();
  }

  function schedule(): void {
    if (timer === null && waiters.size > 0) timer = setTimeout(look, everyMs);
  }

  return {
    wait: (id, ms, gone) => {
      if (released || gone.aborted || ms <= 0) return Promise.resolve();
      if (waiters.size >= maxWaiters) {
        const message = "Too many wait for verdicts here; ask without waiting, or try again shortly.";
        throw new SluiceError("unavailable", message, { retryAfterSeconds: 5 });
      }
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(late);
          gone.removeEventListener("abort", wake);
          waiters.delete(wake);
          resolve();
        };
        const late = setTimeout(wake, ms);
        gone.addEventListener("abort", wake);
        waiters.set(wake, id.toLowerCase());
        schedule();
      });
    },
    get waiting() {
      return waiters.size;
    },
    release: () => {
      released = true;
      for (const wake of [...waiters.keys()]) wake();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
