import { openText } from "@/lib/access/sealed-text";
import { OUTSIDE_ADAPTERS, type OutsideKind } from "@/lib/detect/outside/adapters";
import type { OutsideDetector, OutsideHit, OutsideText } from "@/lib/detect/outside/types";
import type { Outbound } from "@/lib/net/outbound";
import { Breaker } from "./breaker";
import type { SnapshotDetector } from "./snapshot";

/** What the outside detectors of a policy saw. */
export interface Seen {
  hits: OutsideHit[];
  /** Names of those that did not answer in time. */
  unavailable: string[];
}

export interface OutsideDetectors {
  /**
   * Asks each of the named detectors at the same time, and waits for no one longer than it was given. One that is not
   * set up, answers late, wrongly or not at all is named; this never throws.
   */
  look(
    names: readonly string[],
    known: ReadonlyMap<string, SnapshotDetector>,
    texts: readonly OutsideText[],
  ): Promise<Seen>;
}

export interface OutsideOptions {
  /** SLUICE_SECRET, by which the keys of detectors are sealed. */
  secret: string;
  outbound: Outbound;
  /** Milliseconds of a clock that only goes forward. */
  clock?: () => number;
  onAnswer?: (name: string, isAvailable: boolean, ms: number) => void;
  onFailure?: (name: string, error: unknown) => void;
}

/** Calls at once for one request; a detector that takes one text at a time gets the others one after another. */
const AT_ONCE = 8;
/** More calls than this for one request are not made: the detector counts as not having looked. */
const MOST_CALLS = 256;

/** Statuses by which a service says that it is this request that it does not take: too long, or not to its liking. */
const NOT_THIS: ReadonlySet<number> = new Set([400, 413, 422]);

/** The request is why a detector did not look. The request is judged without it; others are not. */
class DueToRequest extends Error {}

/** Asks detectors outside, each behind a circuit breaker of its own, kept from one snapshot to the next. */
export function createOutsideDetectors(options: OutsideOptions): OutsideDetectors {
  const { outbound, clock = () => performance.now(), onAnswer, onFailure } = options;
  const breakers = new Map<string, Breaker>();
  const keys = new WeakMap<Buffer, string>();

  function breakerOf(name: string): Breaker {
    let breaker = breakers.get(name);
    if (breaker === undefined) {
      breaker = new Breaker(clock);
      breakers.set(name, breaker);
    }
    return breaker;
  }

  function opened({ sealed, ...rest }: SnapshotDetector): OutsideDetector {
    if (sealed === null) return { ...rest, secret: null };
    const key = keys.get(sealed) ?? openText(options.secret, sealed, rest.name);
    if (key === null) throw new Error("The detector's key was sealed with another SLUICE_SECRET.");
    keys.set(sealed, key);
    return { ...rest, secret: key };
  }

  async function ask(detector: OutsideDetector, texts: readonly OutsideText[]): Promise<OutsideHit[]> {
    const adapter = OUTSIDE_ADAPTERS[detector.kind as OutsideKind];
    const calls = adapter.calls(detector, texts);
    if (calls.length > MOST_CALLS)
      throw new DueToRequest("The request has too many texts for this detector.");
    const deadline = clock() + detector.timeoutMs;
    const answers: string[] = [];
    for (let at = 0; at < calls.length; at += AT_ONCE) {
      const left = Math.floor(deadline - clock());
      if (left < 1) throw new DueToRequest("The detector did not answer all of the request's texts in time.");
      const some = calls.slice(at, at + AT_ONCE).map(({ url, headers, body }) =>
        outbound.call(url, {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json", Accept: "application/json" },
          body: JSON.stringify(body),
          timeoutMs: left,
        }),
      );
      const answered = await Promise.all(some).catch((error: unknown) => {
        throw at === 0 ? error : new DueToRequest("The detector answered only some of the request's texts.");
      });
      for (const { status, text } of answered) {
        if (NOT_THIS.has(status)) throw new DueToRequest(`The detector answered ${status}.`);
        if (status !== 200) throw new Error(`The detector answered ${status}.`);
        answers.push(text);
      }
    }
    return understood(() =>
      adapter.hits(
        detector,
        texts,
        answers.map((text) => JSON.parse(text)),
      ),
    );
  }

  async function lookWith(
    detector: SnapshotDetector,
    texts: readonly OutsideText[],
  ): Promise<OutsideHit[] | null> {
    const breaker = breakerOf(detector.name);
    if (!breaker.admits()) return null;
    const startedAt = clock();
    try {
      const hits = await ask(opened(detector), texts);
      breaker.succeeded();
      onAnswer?.(detector.name, true, clock() - startedAt);
      return hits;
    } catch (error) {
      if (error instanceof DueToRequest) breaker.toldNothing();
      else breaker.failed();
      onAnswer?.(detector.name, false, clock() - startedAt);
      onFailure?.(detector.name, error);
      return null;
    }
  }

  return {
    look: async (names, known, texts) => {
      const looked = await Promise.all(
        names.map(async (name) => {
          const detector = known.get(name);
          return [name, detector === undefined ? null : await lookWith(detector, texts)] as const;
        }),
      );
      return {
        hits: looked.flatMap(([, hits]) => hits ?? []),
        unavailable: looked.flatMap(([name, hits]) => (hits === null ? [name] : [])),
      };
    },
  };
}

/** What an answer holds may be content, and the errors of parsers repeat it. */
function understood<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Error("The detector's answer is not of the expected shape.");
  }
}
