import { hash } from "node:crypto";

const WINDOW_S = 60;
const WINDOW_MS = WINDOW_S * 1000;
const MAX_SESSIONS = 100_000;

interface Window {
  /** Requests in each of the last 60 seconds, by second modulo 60. */
  counts: Uint32Array;
  total: number;
  /** The newest second counted. */
  second: number;
}

interface Session {
  /** Of its newest tool call. */
  atMs: number;
  /** Calls that every decision point has told of, as of the last exchange. */
  told: number;
  /** Calls seen here since. */
  untold: number;
}

/** Calls of one session and the instant of the newest. */
interface Calls {
  n: number;
  atMs: number;
}

/** What one decision point tells the others. */
export interface TrafficTold {
  /** Requests of the last minute by workload. */
  requests: Map<string, number>;
  /** Tool calls since the last exchange by session (see `sessionKey`). */
  toolCalls: Map<string, Calls>;
}

/** What it hears from them. */
export interface TrafficHeard {
  /** Requests of a workload in the minute before `atMs`, summed over one other decision point. */
  requests: { workload: string; n: number; atMs: number }[];
  /** All tool calls of the sessions that were told of lately. */
  toolCalls: Map<string, Calls>;
}

/** A session by a digest of fixed length: hex of 16 bytes. */
export function sessionKey(workload: string, session: string): string {
  return hash("sha256", `${workload} ${session}`, "hex").slice(0, 32);
}

/**
 * What the decision points have seen lately: requests of a workload in the sliding minute, tool calls of a session. What
 * this one saw is exact; what the others saw is as they last told it. Sessions not heard of for longest are forgotten.
 */
export class Traffic {
  readonly #windows = new Map<string, Window>();
  readonly #sessions = new Map<string, Session>();
  #others: ReadonlyMap<string, { n: number; atMs: number }[]> = new Map();

  /** Requests of one caller in the minute up to `atMs`, this one included; counted unless it is a rehearsal. */
  requests(caller: string, atMs: number, counts: boolean): number {
    const window = this.#windowOf(caller, Math.floor(atMs / 1000));
    const elsewhere = this.#elsewhere(caller, atMs);
    if (!counts) return window.total + 1 + elsewhere;
    const place = Math.floor(atMs / 1000) % WINDOW_S;
    window.counts[place] = (window.counts[place] ?? 0) + 1;
    window.total += 1;
    return window.total + elsewhere;
  }

  /**
   * Tool calls of the session so far; `calls` adds this one, which is kept unless it is a rehearsal. A session that made
   * none for a day begins anew.
   */
  toolCalls(session: string, atMs: number, { calls, counts }: { calls: boolean; counts: boolean }): number {
    const known = this.#sessions.get(session);
    const { told, untold } = known === undefined || isOver(known, atMs) ? NEW_SESSION : known;
    const total = told + untold + (calls ? 1 : 0);
    if (!counts || !calls) return total;
    this.#remember(session, { told, untold: untold + 1, atMs: Math.max(atMs, known?.atMs ?? atMs) });
    return total;
  }

  /** What the others must hear. What is told counts as told; `hear` or `takeBack` follows. */
  tell(atMs: number): TrafficTold {
    const second = Math.floor(atMs / 1000);
    const told: TrafficTold = { requests: new Map(), toolCalls: new Map() };
    for (const workload of this.#windows.keys()) {
      const { total } = this.#windowOf(workload, second);
      if (total > 0) told.requests.set(workload, total);
      else this.#windows.delete(workload);
    }
    for (const [session, known] of this.#sessions) {
      if (known.untold === 0) continue;
      told.toolCalls.set(session, { n: known.untold, atMs: known.atMs });
      known.told += known.untold;
      known.untold = 0;
    }
    return told;
  }

  /** What the others told, in place of what they told before. */
  hear(heard: TrafficHeard): void {
    this.#others = Map.groupBy(heard.requests, ({ workload }) => workload);
    for (const [session, { n, atMs }] of heard.toolCalls) {
      const known = this.#sessions.get(session);
      if (known === undefined || isOver(known, atMs)) {
        this.#remember(session, { told: n, untold: 0, atMs });
      } else if (known.atMs - atMs <= SESSION_MS) {
        known.told = Math.max(known.told, n);
        known.atMs = Math.max(known.atMs, atMs);
      }
    }
  }

  /** What was told did not arrive: it is told again. */
  takeBack({ toolCalls }: TrafficTold): void {
    for (const [session, { n }] of toolCalls) {
      const known = this.#sessions.get(session);
      if (known === undefined) continue;
      known.told -= n;
      known.untold += n;
    }
  }

  /** What was told is taken to leave the window evenly; whoever has fallen silent is forgotten within a minute. */
  #elsewhere(workload: string, atMs: number): number {
    const told = this.#others.get(workload);
    if (told === undefined) return 0;
    let sum = 0;
    for (const { n, atMs: at } of told) {
      sum += n * Math.min(1, Math.max(0, 1 - (atMs - at - GRACE_MS) / WINDOW_MS));
    }
    return Math.round(sum);
  }

  #remember(session: string, calls: Session): void {
    this.#sessions.delete(session);
    this.#sessions.set(session, calls);
    if (this.#sessions.size <= MAX_SESSIONS) return;
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined) this.#sessions.delete(oldest);
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

/** A session is over when it made no tool call for so long (ms). */
export const SESSION_MS = 86_400_000;
const NEW_SESSION = { told: 0, untold: 0 };

function isOver({ atMs }: Session, nowMs: number): boolean {
  return nowMs - atMs > SESSION_MS;
}

/** Between two exchanges the sender goes on counting, so what it told stands whole for as long (ms). */
const GRACE_MS = 2_000;
