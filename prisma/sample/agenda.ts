interface Step {
  at: Date;
  goOn: () => void;
}

/**
 * Lets stories happen in the order of their instants: each goes on until it ends or waits for a later instant, then
 * the next one has its turn. Of two at the same instant the one that was written down first.
 */
export class Agenda {
  private readonly steps: Step[] = [];
  private turn = Promise.withResolvers<void>();

  /** `pass` lets the time before a step go by; `end` is the instant after which nothing happens. */
  constructor(
    private readonly pass: (until: Date) => Promise<void>,
    private readonly end: Date,
  ) {}

  add(at: Date, story: () => Promise<void>): void {
    this.write(at, () => void story().then(() => this.turn.resolve(), this.fail));
  }

  /** For a story: comes back at that instant, or at the end. */
  until(at: Date): Promise<Date> {
    return new Promise((resolve) => {
      const step = this.write(at, () => resolve(step.at));
      this.turn.resolve();
    });
  }

  /** Runs everything; fails with the first story that fails. */
  async run(): Promise<void> {
    for (let step = this.steps.shift(); step; step = this.steps.shift()) {
      await this.pass(step.at);
      this.turn = Promise.withResolvers<void>();
      step.goOn();
      await this.turn.promise;
    }
  }

  private readonly fail = (error: unknown) => this.turn.reject(error);

  private write(wanted: Date, goOn: () => void): Step {
    const step = { at: new Date(Math.min(wanted.getTime(), this.end.getTime())), goOn };
    const after = this.steps.findIndex(({ at }) => at > step.at);
    this.steps.splice(after < 0 ? this.steps.length : after, 0, step);
    return step;
  }
}
