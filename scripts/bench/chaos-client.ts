import { randomUUID } from "node:crypto";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A request and what it must be answered. */
export interface Question {
  body: string;
  outcome: string;
}

export interface Tally {
  /** Outcome of each acknowledged decision by its id. */
  acknowledged: Map<string, string>;
  /** Milliseconds from the first attempt to the answer. */
  calm: number[];
  troubled: number[];
  /** Answers with another outcome than the question has. */
  wrong: number;
  /** Attempts that had no answer (refused, reset, timed out) and those that were answered 503; each is tried again. */
  broken: number;
  unavailable: number;
  /** Other answers, by status. */
  odd: Map<number, number>;
  /** Questions asked again under their key after they were answered, and how many got another decision then. */
  repeated: number;
  answeredAnew: number;
  /** Questions that had no answer after many attempts. */
  givenUp: number;
}

interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: { decisionId?: string; outcome?: string };
}

const LOOK_MS = 100;
const TIMEOUT_MS = 5_000;
const MOST_ATTEMPTS = 100;
const REPEATED_SHARE = 0.02;

/**
 * Enforcement points behind a balancer: questions in turn to those that say they are ready, each under a key of its
 * own, asked again under that key, wherever, until there is an answer.
 */
export class ChaosClient {
  readonly tally: Tally = {
    acknowledged: new Map(),
    calm: [],
    troubled: [],
    wrong: 0,
    broken: 0,
    unavailable: 0,
    odd: new Map(),
    repeated: 0,
    answeredAnew: 0,
    givenUp: 0,
  };
  /** Whether something is down now. */
  isTroubled = false;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #ready = new Map<number, boolean>();
  #turn = 0;
  #running = true;
  readonly #working: Promise<unknown>;

  constructor(
    private readonly options: {
      ports: readonly number[];
      credential: string;
      questions: readonly Question[];
      connections: number;
      /** Questions a second. */
      rate: number;
    },
  ) {
    const { connections, rate } = options;
    const askers = Array.from({ length: connections }, () => this.#askOnAndOn((connections / rate) * 1_000));
    this.#working = Promise.all([...askers, ...options.ports.map((port) => this.#watch(port))]);
  }

  /** Resolves when every question that was begun has been answered or given up. */
  async stop(): Promise<Tally> {
    this.#running = false;
    await this.#working;
    this.#agent.destroy();
    return this.tally;
  }

  async #watch(port: number): Promise<void> {
    while (this.#running) {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
      this.#ready.set(port, response?.ok ?? false);
      await response?.arrayBuffer().catch(() => null);
      await sleep(LOOK_MS);
    }
  }

  async #askOnAndOn(everyMs: number): Promise<void> {
    const { questions } = this.options;
    for (let at = Math.random() * everyMs + performance.now(); this.#running; at += everyMs) {
      await sleep(Math.max(0, at - performance.now()));
      const question = questions[Math.floor(Math.random() * questions.length)];
      if (question) await this.#askUntilAnswered(question);
      at = Math.max(at, performance.now() - everyMs);
    }
  }

  async #askUntilAnswered(question: Question): Promise<void> {
    const { tally } = this;
    const key = randomUUID();
    const started = performance.now();
    let troubled = this.isTroubled;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const answered = await this.#ask(question, key);
      troubled ||= this.isTroubled;
      if (answered === null) {
        await sleep(50);
        continue;
      }
      tally[troubled ? "troubled" : "calm"].push(performance.now() - started);
      this.#take(question, answered);
      if (Math.random() < REPEATED_SHARE) await this.#repeat(question, key, answered);
      return;
    }
    tally.givenUp += 1;
  }

  async #repeat(question: Question, key: string, first: Answered): Promise<void> {
    const again = await this.#ask(question, key);
    if (again === null) return;
    this.tally.repeated += 1;
    if (again.body.decisionId === first.body.decisionId) return;
    this.tally.answeredAnew += 1;
    this.#take(question, again);
  }

  #take(question: Question, { body }: Answered): void {
    this.tally.acknowledged.set(String(body.decisionId), String(body.outcome));
    if (body.outcome !== question.outcome) this.tally.wrong += 1;
  }

  /** Null when it must be asked again. */
  async #ask(question: Question, key: string): Promise<Answered | null> {
    const answered = await this.#send(this.#next(), question.body, key).catch(() => null);
    if (answered?.status === 200) return answered;
    if (answered === null) this.tally.broken += 1;
    else if (answered.status === 503) this.tally.unavailable += 1;
    else this.tally.odd.set(answered.status, (this.tally.odd.get(answered.status) ?? 0) + 1);
    return null;
  }

  #next(): number {
    const { ports } = this.options;
    const ready = ports.filter((port) => this.#ready.get(port) !== false);
    const choice = ready.length > 0 ? ready : ports;
    return choice[this.#turn++ % choice.length] ?? 0;
  }

  #send(port: number, body: string, key: string): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const headers = {
      authorization: `Bearer ${this.options.credential}`,
      "content-type": "application/json",
      "idempotency-key": key,
    };
    const to = { port, host: "127.0.0.1", method: "POST", path: "/v1/decisions", agent: this.#agent };
    const asked = request({ ...to, headers, timeout: TIMEOUT_MS }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += String(chunk);
      });
      response.on("error", reject);
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        try {
          resolve({ status, headers: response.headers, body: JSON.parse(text) as Answered["body"] });
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("No answer in time.")));
    asked.on("error", reject);
    asked.end(body);
    return promise;
  }
}
