import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "./chaos-console";
import type { Question } from "./chaos-questions";

/** What was answered to a question. */
export interface Acknowledged {
  question: Question;
  outcome: string;
  /** Of the policy by which it was decided. */
  version: number;
}

export interface Tally {
  /** By the id of the decision. */
  acknowledged: Map<string, Acknowledged>;
  /** Milliseconds from the first attempt to the answer. */
  calm: number[];
  troubled: number[];
  /** Decisions that were answered twice, and not the same. */
  contradicted: number;
  /** Attempts that had no answer (refused, reset, timed out) and those that were answered 503; each is tried again. */
  broken: number;
  unavailable: number;
  /** Other answers, by status and the `code` of their problem. */
  odd: Map<string, number>;
  /** Questions asked again under their key after they were answered, and how many got another decision then. */
  repeated: number;
  answeredAnew: number;
  /** Questions that had no answer after many attempts. */
  givenUp: number;
}

interface Answered {
  status: number;
  text: string;
  body: { decisionId?: string; outcome?: string; policy?: { version?: number } };
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
    contradicted: 0,
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
    if (again.body.decisionId !== first.body.decisionId) this.tally.answeredAnew += 1;
    this.#take(question, again);
  }

  #take(question: Question, { body }: Answered): void {
    const id = String(body.decisionId);
    const one = { question, outcome: String(body.outcome), version: Number(body.policy?.version) };
    const before = this.tally.acknowledged.get(id);
    if (before && (before.outcome !== one.outcome || before.version !== one.version))
      this.tally.contradicted += 1;
    this.tally.acknowledged.set(id, one);
  }

  /** Null when it must be asked again. */
  async #ask(question: Question, key: string): Promise<Answered | null> {
    const answered = await this.#send(this.#next(), question.body, key).catch(() => null);
    if (answered?.status === 200) return answered;
    if (answered === null) this.tally.broken += 1;
    else if (answered.status === 503) this.tally.unavailable += 1;
    else {
      const what = `${answered.status} ${codeOf(answered.text)}`;
      this.tally.odd.set(what, (this.tally.odd.get(what) ?? 0) + 1);
    }
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
          resolve({ status, text, body: JSON.parse(text) as Answered["body"] });
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
