/** Failures in a row after which nothing more is tried for a while. */
const FAILURES = 5;
/** How long (ms) nothing is tried. */
const REST_MS = 10_000;

/**
 * A circuit breaker: after five failures in a row it admits nothing for ten seconds, then one trial at a time until one
 * succeeds. What is known to be away is not waited for.
 */
export class Breaker {
  #failures = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #isTrying = false;
  readonly #clock: () => number;

  /** `clock` gives milliseconds and never goes back. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** May it be tried now? Who is admitted says `succeeded`, `failed` or `toldNothing` afterwards. */
  admits(): boolean {
    if (this.#failures < FAILURES) return true;
    if (this.#clock() < this.#openUntil || this.#isTrying) return false;
    this.#isTrying = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isTrying = false;
  }

  failed(): void {
    this.#failures += 1;
    this.#isTrying = false;
    if (this.#failures >= FAILURES) this.#openUntil = this.#clock() + REST_MS;
  }

  /** What happened was due to the request and says nothing of the other side: nobody else is to pay for it. */
  toldNothing(): void {
    this.#isTrying = false;
  }
}
