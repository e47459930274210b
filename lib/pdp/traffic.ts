const WINDOW_S = 60;
const MAX_SESSIONS = 100_000;

interface Window {
  /** Requests in each of the last 60 seconds, by second modulo 60. */
  counts: Uint32Array;
  total: number;
  /** The newest second counted. */
  second: number;
}

/**
 * What this decision point has seen lately, in memory: requests of a workload in the sliding minute, tool calls of a
 * session. Sessions not heard of for longest are forgotten first.
 */
export class Traffic {
  readonly #windows = new Map<string, Window>();
  readonly #sessions = new Map<string, number>();

  /** Requests of one caller in the minute up to `atMs`, this one included; counted unless it is a rehearsal. */
  requests(caller: string, atMs: number, counts: boolean): number {
    const second = Math.floor(atMs / 1000);
    const window = this.#windowOf(caller, second);
    if (!counts) return window.total + 1;
    const place = second % WINDOW_S;
    window.counts[place] = (window.counts[place] ?? 0) + 1;
    window.total += 1;
    return window.total;
  }

  /** Tool calls of the session so far; `calls` adds this one, which is kept unless it is a rehearsal. */
  toolCalls(session: string, calls: boolean, counts: boolean): number {
    const total = (this.#sessions.get(session) ?? 0) + (calls ? 1 : 0);
    if (!counts || !calls) return total;
    this.#sessions.delete(session);
    this.#sessions.set(session, total);
    if (this.#sessions.size > MAX_SESSIONS) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return total;
  }

  #windowOf(workload: string, second: number): Window {
    let window = this.#windows.get(workload);
    if (window === undefined) {
      window = { counts: new Uint32Array(WINDOW_S), total: 0, second };
      this.#windows.set(workload, window);
    }
    const passed = Math.min(second - window.second, WINDOW_S);
    for (let back = 0; back < passed; back++) {
      const place = (second - back) % WINDOW_S;
      window.total -= window.counts[place] ?? 0;
      window.counts[place] = 0;
    }
    if (passed > 0) window.second = second;
    return window;
  }
}
