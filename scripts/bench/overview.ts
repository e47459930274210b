import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ctx } from "@/lib/access/context";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createPool } from "@/lib/db/pool";
import { createDb, type Db } from "@/lib/db/prisma";
import { refreshCounts } from "@/lib/drift/count-facts";
import { listDrift } from "@/lib/drift/queries";
import { readWaitingDrift } from "@/lib/drift/queue-items";
import { CONTROLS } from "@/lib/policy/catalogue";
import type { PolicyDocument } from "@/lib/policy/document";
import { TEMPLATES } from "@/lib/policy/templates";
import { readProcess } from "@/lib/process/read-process";
import { getBreakdown } from "@/lib/telemetry/get-breakdown";
import { getDecision } from "@/lib/telemetry/get-decision";
import { getLatency } from "@/lib/telemetry/get-latency";
import { getObserved } from "@/lib/telemetry/get-observed";
import { getOverview } from "@/lib/telemetry/get-overview";
import { getSeries } from "@/lib/telemetry/get-series";
import { getUseCaseSummaries } from "@/lib/telemetry/get-use-case-summaries";
import { measureImpact } from "@/lib/telemetry/impact";
import { listDecisions } from "@/lib/telemetry/list-decisions";
import { buildPerson, buildPolicyVersion, buildUseCase } from "@/lib/testing/builders";
import { benchPages, type PageFigures } from "./overview-page";
import { percentile } from "./statistics";
import { loadTraffic } from "./traffic-load";

export interface QueryFigures {
  query: string;
  /** Milliseconds, as the caller waits: permission, SQL, and the view made of it. */
  p50: number;
  p95: number;
  runs: number;
}

export interface OverviewFigures {
  pages: PageFigures[];
  queries: QueryFigures[];
}

export interface OverviewOptions {
  decisions?: number;
  days?: number;
  useCases?: number;
  runs?: number;
  say?: (line: string) => void;
}

const FACTS_PER_USE_CASE = 250;
const DAY = 86_400_000;

/**
 * What each view of telemetry costs over a million decisions (or as many as are asked for) of 90 days and 20 use cases, on a PostgreSQL of its own,
 * and what a person waits for its pages.
 */
export async function benchOverview(options: OverviewOptions = {}): Promise<OverviewFigures> {
  const { decisions = 1_000_000, days = 90, useCases = 20, runs = 25, say = () => {} } = options;
  const directory = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const cluster = await startEmbedded(join(directory, "postgres"), "bench");
  await migrate(cluster.url);
  const [db, pool] = [createDb(cluster.url), createPool(cluster.url, 2)];
  try {
    const now = new Date();
    const document = benchDocument();
    const registered = await register(db, useCases, document);
    say(`loading ${decisions.toLocaleString("en-GB")} decisions`);
    await loadTraffic(pool, {
      decisions,
      days,
      useCases: registered,
      factsPerUseCase: FACTS_PER_USE_CASE,
      document,
      now,
    });
    const figures: QueryFigures[] = [];
    for (const [query, ask] of Object.entries(questions(db, registered, document, new Date()))) {
      const figure = await measure(query, ask, runs);
      figures.push(figure);
      say(lineOf(figure));
    }
    const pages = await benchPages(db, cluster.url);
    return { pages, queries: figures };
  } finally {
    await pool.end();
    await db.$disconnect();
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function lineOf({ query, p50, p95 }: QueryFigures): string {
  return `${p50.toFixed(1).padStart(8)} ${p95.toFixed(1).padStart(8)}  ${query}`;
}

function benchDocument(): PolicyDocument {
  const [template] = TEMPLATES;
  if (!template) throw new Error("There is no template.");
  const known = CONTROLS.filter(({ id }) => template.document.controls[id]);
  // It declares what a fraction of the traffic keeps to: thousands of facts depart.
  const baseline = { ...template.document.baseline, models: ["openai/*"], retrievalSources: ["kb/1*"] };
  return {
    ...template.document,
    baseline,
    controls: Object.fromEntries(
      known.map(({ id }) => [id, template.document.controls[id] ?? { mode: "log" }]),
    ),
  };
}

async function register(
  db: Db,
  n: number,
  document: PolicyDocument,
): Promise<{ id: string; slug: string }[]> {
  const registered: { id: string; slug: string }[] = [];
  for (let i = 0; i < n; i++) {
    const useCase = await buildUseCase(db, { slug: `use-case-${i}` });
    await buildPolicyVersion(db, useCase.id, document);
    registered.push(useCase);
  }
  return registered;
}

type Question = () => Promise<unknown>;

function questions(
  db: Db,
  useCases: readonly { id: string; slug: string }[],
  document: PolicyDocument,
  now: Date,
): Record<string, Question> {
  const [first] = useCases;
  if (!first) throw new Error("There is no use case.");
  const useCase = first.slug;
  const since = (days: number) => ({ from: new Date(now.getTime() - days * DAY), to: now });
  let ctx: Ctx | undefined;
  const asked = async () => (ctx ??= await askAs(db, now));
  const rare = { control: "prompt-attack", tool: "tool-22" };
  return {
    "overview, 30 days": async () => getOverview(await asked(), since(30)),
    "overview, 90 days": async () => getOverview(await asked(), since(90)),
    "series by day, 90 days": async () => getSeries(await asked(), { ...since(90), bucket: "day" }),
    "series by hour, 7 days": async () => getSeries(await asked(), { ...since(7), bucket: "hour" }),
    "series by hour, 7 days, one use case": async () =>
      getSeries(await asked(), { ...since(7), bucket: "hour", useCase }),
    "series by day, 90 days, one use case": async () =>
      getSeries(await asked(), { ...since(90), bucket: "day", useCase }),
    "controls, 90 days": async () => getBreakdown(await asked(), { ...since(90), dimension: "control" }),
    "models, 7 days": async () => getBreakdown(await asked(), { ...since(7), dimension: "model" }),
    "tools, 90 days": async () => getBreakdown(await asked(), { ...since(90), dimension: "tool" }),
    "tools, 90 days, one use case": async () =>
      getBreakdown(await asked(), { ...since(90), dimension: "tool", useCase }),
    "latency, 90 days": async () => getLatency(await asked(), since(90)),
    "register, 7 days": async () => getUseCaseSummaries(await asked()),
    "counting facts ahead, a job": () => refreshCounts({ db }),
    "drift, 30 days": async () => listDrift(await asked(), { state: "waiting", days: 30, limit: 50 }),
    "drift, 90 days": async () => listDrift(await asked(), { state: "waiting", days: 90, limit: 50 }),
    "drift, 30 days, one use case": async () =>
      listDrift(await asked(), { state: "waiting", days: 30, limit: 50, useCase }),
    "drift on the overview, all use cases": () =>
      readWaitingDrift(
        db,
        useCases.map(({ id }) => id),
        now,
      ),
    "process figures": () => readProcess(db, now),
    "observed, 30 days, one use case": async () => getObserved(await asked(), { ...since(30), useCase }),
    "explorer, 90 days": async () => listDecisions(await asked(), since(90)),
    "explorer, 90 days, one use case, would block": async () =>
      listDecisions(await asked(), { ...since(90), useCase, wouldBe: "block" }),
    "explorer, 7 days, rare control and tool": async () =>
      listDecisions(await asked(), { ...since(7), ...rare }),
    "explorer, 90 days, rare control and tool": async () =>
      listDecisions(await asked(), { ...since(90), ...rare }),
    "one decision with its chain": async () => {
      const [row] = (await listDecisions(await asked(), { ...since(1), useCase, limit: 1 })).items;
      return getDecision(await asked(), { id: row?.id ?? "" });
    },
    "impact of a change, 30 days, one use case": async () =>
      measureImpact(db, {
        useCaseId: first.id,
        before: document,
        after: { ...document, stage: "enforcing" },
        ...since(30),
      }),
  };
}

async function askAs(db: Db, now: Date): Promise<Ctx> {
  const { id, name, email } = await buildPerson(db, ["security_lead"]);
  return {
    actor: { kind: "person", id, name, email, roles: ["security_lead"], sessionId: null },
    now,
    requestId: "bench",
    db,
  };
}

async function measure(query: string, ask: Question, runs: number): Promise<QueryFigures> {
  await ask();
  const times: number[] = [];
  for (let at = 0; at < runs; at++) {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  return { query, p50: percentile(times, 0.5), p95: percentile(times, 0.95), runs };
}
