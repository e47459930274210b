import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import type { Ctx } from "@/lib/access/context";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createPool } from "@/lib/db/pool";
import { createDb, type Db } from "@/lib/db/prisma";
import { CONTROLS } from "@/lib/policy/catalogue";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { TEMPLATES } from "@/lib/policy/templates";
import { measureReadiness } from "@/lib/readiness/measure-readiness";
import { getRulingQueue } from "@/lib/rulings/get-queue";
import { ruleFinding } from "@/lib/rulings/rule-finding";
import { decide, recordDecisions } from "@/lib/telemetry/testing";
import { buildPerson, buildPolicyVersion, buildUseCase } from "@/lib/testing/builders";
import { percentile } from "./statistics";
import { benchFacts, loadTraffic } from "./traffic-load";

const FACTS = 5_000;
const DAYS = 30;
const RUNS = 15;

/**
 * What drawing findings for rulings costs, over decisions of one use case in 30 days: the first draw of all days, the
 * queue when nothing has come in since and when something has (the present day is then drawn again), a ruling, and the
 * readiness that stands on it. On a PostgreSQL of its own. Each line: p50 and p95 in milliseconds, and of what.
 */
export async function benchRulings(
  say: (line: string) => void,
  sizes: readonly number[] = [1_000_000, 10_000_000],
): Promise<void> {
  for (const decisions of sizes) {
    const directory = await mkdtemp(join(tmpdir(), "sluice-bench-"));
    const cluster = await startEmbedded(join(directory, "postgres"), "bench");
    const [db, pool] = [createDb(cluster.url), createPool(cluster.url, 2)];
    try {
      await migrate(cluster.url);
      await measureAt(db, pool, decisions, say);
    } finally {
      await pool.end();
      await db.$disconnect();
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }
}

async function measureAt(db: Db, pool: Pool, decisions: number, say: (line: string) => void): Promise<void> {
  const now = new Date();
  const document = watchingAll();
  const useCase = await buildUseCase(db, { slug: "ruled" });
  await buildPolicyVersion(db, useCase.id, document);
  const plan = { decisions, days: DAYS, useCases: [useCase], factsPerUseCase: FACTS, document, now };
  await loadTraffic(pool, plan);
  const { rows } = await pool.query<{ n: number }>("SELECT sum(n)::float8 AS n FROM control_hour");
  say(`${count(decisions)} decisions, ${count(rows[0]?.n ?? 0)} findings`);
  const ctx = await askAs(db, now);
  const queue = () => getRulingQueue(ctx, { useCase: useCase.slug });
  const policy = compile(document);
  const comesIn = (at: number) =>
    recordDecisions(pool, [decide({ useCase, facts: benchFacts(useCase.slug, at * 55), at: now, policy })]);

  say(lineOf("first draw of 30 days", await timesOf(1, queue)));
  say(lineOf("queue, nothing new", await timesOf(RUNS, queue)));
  say(lineOf("queue, something new", await timesOf(RUNS, queue, comesIn)));
  const answer = async () => {
    const [finding] = (await queue()).items;
    if (!finding) throw new Error("Nothing is left to rule.");
    const { decisionId, control, rulings } = finding;
    return () =>
      ruleFinding(ctx, { decisionId, control, answer: "true_positive", seen: rulings.length, sampled: true });
  };
  say(lineOf("a ruling, nothing new", await timesOfNext(answer, async () => {})));
  say(lineOf("a ruling, something new", await timesOfNext(answer, comesIn)));
  const readiness = () =>
    measureReadiness(db, {
      useCaseId: useCase.id,
      base: document,
      proposal: { ...document, stage: "enforcing" },
      now,
    });
  say(lineOf("readiness", await timesOf(RUNS, readiness)));
}

/** Every control of the first template that its decisions can meet, enforced, at the widest. */
function watchingAll(): PolicyDocument {
  const [template] = TEMPLATES;
  if (!template) throw new Error("There is no template.");
  const known = CONTROLS.filter(({ id }) => template.document.controls[id]);
  const controls = known.map(({ id, takesSensitivity }) => [
    id,
    { mode: "enforce", ...(takesSensitivity && { sensitivity: "L4" }) },
  ]);
  return { ...template.document, controls: Object.fromEntries(controls) };
}

async function askAs(db: Db, now: Date): Promise<Ctx> {
  const { id, name, email } = await buildPerson(db, ["security_lead"]);
  const actor = { kind: "person", id, name, email, roles: ["security_lead"], sessionId: null } as const;
  return { actor: { ...actor, roles: [...actor.roles] }, now, requestId: "bench", db };
}

type Before = (at: number) => Promise<unknown>;

async function timesOf(runs: number, ask: () => Promise<unknown>, before: Before = async () => {}) {
  const times: number[] = [];
  for (let at = 1; at <= runs; at++) {
    await before(at);
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  return times;
}

/** Of what has to be prepared: only what `prepare` returns is timed, after `before`. */
async function timesOfNext(prepare: () => Promise<() => Promise<unknown>>, before: Before) {
  const times: number[] = [];
  for (let at = 1; at <= RUNS; at++) {
    const ask = await prepare();
    await before(RUNS + at);
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  return times;
}

const count = (n: number) => n.toLocaleString("en-GB");

function lineOf(what: string, times: readonly number[]): string {
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
  return `${p50.toFixed(1).padStart(10)} ${p95.toFixed(1).padStart(10)}  ${what}`;
}
