import { setTimeout as sleep } from "node:timers/promises";
import type { ChangeView } from "@/lib/changes/views";
import type { PackView } from "@/lib/evidence/views";
import type { PolicyDocument } from "@/lib/policy/document";
import { DOCUMENTS, variantOf } from "./chaos-questions";
import { PASSWORD, type People, USE_CASE } from "./chaos-stage";
import type { Windows } from "./chaos-windows";

const LOOKED_AT = [
  "/",
  "/telemetry",
  "/telemetry/decisions",
  "/changes",
  "/api/v1/use-cases",
  "/api/v1/changes",
  "/api/v1/audit/entries",
];
const LOOK_MS = 250;
const TIMEOUT_MS = 30_000;
/** Between two changes of the policy, in milliseconds. */
const CHANGE_MS = 4_000;
const PACK_MS = 15_000;

export interface ConsoleTally {
  looks: number;
  /** What was answered otherwise than 200 (or not at all) while nothing was wrong, with how often. */
  failed: Map<string, number>;
  /** The same while the database or the console itself was away. */
  excused: Map<string, number>;
  /** When (ms) each policy version was known to be applied. */
  appliedAt: Map<number, number>;
  /** Changes that were given up in the middle, since the console went away. */
  abandoned: number;
  /** Packs of evidence that were promised. */
  packs: Set<string>;
}

/** People at the console: one looks at its pages, three change the policy to and fro, one asks for evidence. */
export class ChaosConsole {
  readonly tally: ConsoleTally = {
    looks: 0,
    failed: new Map(),
    excused: new Map(),
    appliedAt: new Map(),
    abandoned: 0,
    packs: new Set(),
  };
  #running = true;
  #working: Promise<unknown> = Promise.resolve();
  readonly #cookies = new Map<string, string>();

  private constructor(
    private readonly url: string,
    private readonly people: People,
    private readonly away: Windows,
  ) {}

  static async open(url: string, people: People, away: Windows): Promise<ChaosConsole> {
    const console = new ChaosConsole(url, people, away);
    for (const email of Object.values(people)) await console.#signIn(email);
    console.#working = Promise.all([
      console.#repeat(LOOK_MS, () => console.#look()),
      console.#repeat(CHANGE_MS, () => console.#change()),
      console.#repeat(PACK_MS, () => console.#askForPack()),
    ]);
    return console;
  }

  async stop(): Promise<ConsoleTally> {
    this.#running = false;
    await this.#working;
    return this.tally;
  }

  /** Waits until each pack that was promised is there; returns those that are not after a minute. */
  async packsMissing(): Promise<number> {
    const missing = new Set(this.tally.packs);
    for (const deadline = Date.now() + 60_000; missing.size > 0 && Date.now() < deadline; await sleep(500)) {
      for (const id of missing) {
        const pack = await this.#ask<PackView>(this.people.leads, "GET", `/evidence/packs/${id}`);
        if (pack?.status === "ready") missing.delete(id);
      }
    }
    return missing.size;
  }

  async #repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    while (this.#running) {
      await work();
      await sleep(everyMs);
    }
  }

  async #look(): Promise<void> {
    const path = LOOKED_AT[this.tally.looks++ % LOOKED_AT.length] ?? "/";
    await this.#send(this.people.leads, "GET", path);
  }

  /** The other policy takes the place of the one in force, through a request that both seats approve. */
  async #change(): Promise<void> {
    const { asks, leads, ownsRisk } = this.people;
    type InForce = { version: number; document: PolicyDocument };
    const policy = await this.#ask<InForce>(asks, "GET", `/use-cases/${USE_CASE}/policy`);
    if (policy === null) return;
    this.#known(policy.version);
    const proposal = DOCUMENTS[variantOf(policy.document) === "redacting" ? "blocking" : "redacting"];
    const justification = "What the benchmark tries under load.";
    const draft = { useCase: USE_CASE, baseVersion: policy.version, proposal, justification };
    let change = await this.#ask<ChangeView>(asks, "POST", "/changes", draft);
    const step = async (by: string, verb: string, body?: object) => {
      const path = `/changes/${change?.id}/${verb}`;
      if (change) change = await this.#ask<ChangeView>(by, "POST", path, body, change.revision);
    };
    await step(asks, "submit");
    const seen = { proposalDigest: change?.proposalDigest, evidenceDigest: change?.evidenceDigest };
    await step(leads, "approve", seen);
    await step(ownsRisk, "approve", seen);
    await step(asks, "apply");
    if (change?.appliedVersion) this.#known(change.appliedVersion);
    else this.tally.abandoned += 1;
  }

  #known(version: number): void {
    if (!this.tally.appliedAt.has(version)) this.tally.appliedAt.set(version, Date.now());
  }

  async #askForPack(): Promise<void> {
    const to = new Date();
    const from = new Date(to.getTime() - 10_000);
    const pack = await this.#ask<PackView>(this.people.leads, "POST", "/evidence/packs", { from, to });
    if (pack) this.tally.packs.add(pack.id);
  }

  async #ask<T>(
    email: string,
    method: string,
    path: string,
    body?: object,
    seen?: string,
  ): Promise<T | null> {
    const text = await this.#send(email, method, `/api/v1${path}`, body, seen);
    return text === null ? null : (JSON.parse(text) as T);
  }

  /** What was answered with success; null, counted, for anything else. */
  async #send(
    email: string,
    method: string,
    path: string,
    body?: object,
    seen?: string,
  ): Promise<string | null> {
    const started = Date.now();
    const asked = await fetch(`${this.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        cookie: this.#cookies.get(email) ?? "",
        "sec-fetch-site": "same-origin",
        ...(body && { "content-type": "application/json" }),
        ...(seen && { "if-match": seen }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
      .then(async (response) => ({ ok: response.ok, status: response.status, text: await response.text() }))
      .catch((error: Error) => ({ ok: false, status: error.name, text: "" }));
    if (asked.ok) return asked.text;
    const tally = this.away.meet(started, Date.now()) ? this.tally.excused : this.tally.failed;
    const what =
      `${method} ${path.replace(/[0-9a-f-]{36}/, "…")}: ${asked.status} ${codeOf(asked.text)}`.trim();
    tally.set(what, (tally.get(what) ?? 0) + 1);
    return null;
  }

  async #signIn(email: string): Promise<void> {
    const first = await fetch(`${this.url}/api/auth/csrf`);
    const { csrfToken } = (await first.json()) as { csrfToken: string };
    const answer = await fetch(`${this.url}/api/auth/callback/credentials`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: cookiesOf(first) },
      body: new URLSearchParams({ csrfToken, email, password: PASSWORD, json: "true" }),
    });
    if (!cookiesOf(answer).includes("session-token"))
      throw new Error(`The console does not let ${email} sign in (${answer.status}).`);
    this.#cookies.set(email, cookiesOf(answer));
  }
}

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");

/** The `code` of a problem, with the rule that was broken; "" for another body. */
export function codeOf(text: string): string {
  try {
    const { code, rule } = JSON.parse(text) as { code?: string; rule?: string };
    return [code, rule].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}
