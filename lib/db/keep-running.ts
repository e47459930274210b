import { setTimeout as sleep } from "node:timers/promises";

interface Kept {
  running(): Promise<boolean>;
  start(): Promise<void>;
  /** `down` once when it is found gone, `failed` with the reason when a start fails (once per reason), `up` when it is back. */
  tell(event: "down" | "failed" | "up", reason?: string): void;
  /** Milliseconds between two looks. */
  everyMs?: number;
}

/**
 * Looks again and again whether something runs, and starts it until it does. Returns the function that ends this,
 * after a start that is under way.
 */
export function keepRunning({ running, start, tell, everyMs = 1_000 }: Kept): () => Promise<void> {
  const end = new AbortController();
  const loop = async () => {
    let down = false;
    let told = "";
    while (!end.signal.aborted) {
      if (!(await running())) {
        if (!down) tell("down");
        down = true;
        const reason = await start().then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        if (reason === null) {
          tell("up");
          down = false;
          told = "";
        } else if (reason !== told) {
          tell("failed", reason);
          told = reason;
        }
      }
      await sleep(everyMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  };
  const ended = loop();
  return async () => {
    end.abort();
    await ended;
  };
}
