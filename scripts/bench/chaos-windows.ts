/** Spans of time (ms since the epoch) in which something was away. */
export class Windows {
  readonly spans: { from: number; to: number }[] = [];

  /** Begins one, and returns what ends it. */
  open(): () => void {
    const span = { from: Date.now(), to: Number.POSITIVE_INFINITY };
    this.spans.push(span);
    return () => {
      span.to = Date.now();
    };
  }

  meet(from: number, to: number): boolean {
    return this.spans.some((span) => span.from <= to && from <= span.to);
  }

  /** `since` and `ms` more, counted anew from the end of each span that this meets. */
  after(since: number, ms: number): number {
    return this.spans.reduce(
      (due, span) => (span.from <= due && since <= span.to ? Math.max(due, span.to + ms) : due),
      since + ms,
    );
  }
}
