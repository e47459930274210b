import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ctx } from "@/lib/access/context";
import type { Role } from "@/lib/access/permissions";
import { draftChange } from "@/lib/changes/draft-change";
import { measureChange } from "@/lib/changes/measure-change";
import { getChange } from "@/lib/changes/queries";
import { submitChange } from "@/lib/changes/submit-change";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { createPool } from "@/lib/db/pool";
import { createDb, type Db } from "@/lib/db/prisma";
import type { PolicyDocument } from "@/lib/policy/document";
import { TEMPLATES } from "@/lib/policy/templates";
import { measureImpact } from "@/lib/telemetry/impact";
import { buildPerson } from "@/lib/testing/builders";
import { loadBusyUseCase } from "./busy-use-case";
import { benchPages, type PageFigures } from "./overview-page";
import { median, percentile } from "./statistics";

export interface ImpactFigures {
  /** Impact of three kinds of change, from the database to the view; milliseconds. */
  measured: { change: string; flips: number; median: number; p95: number; runs: number }[];
  /** The commands as a caller waits for them, in milliseconds. */
  commands: { command: string; p50: number; p95: number; runs: number }[];
  /** Bytes, of this process: resident before, at most while measuring, and the heap's highest after a run. */
  memory: { residentBefore: number; residentPeak: number; heapPeak: number };
  page: PageFigures[];
}

export interface ImpactOptions {
  runs?: number;
  /** Without it the page is not opened in a browser. */
  browser?: boolean;
  say?: (line: string) => void;
}

/**
 * What a change's impact costs over 10,080,000 generated decisions of 5,000 facts, 30 days and 20 exceptions, on a
 * PostgreSQL of its own: measured alone, in the commands that keep it as evidence, and as the page that shows it.
 */
export async function benchImpact(options: ImpactOptions = {}): Promise<ImpactFigures> {
  const { runs = 7, browser = true, say = () => {} } = options;
  const directory = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const cluster = await startEmbedded(join(directory, "postgres"), "bench");
  await migrate(cluster.url);
  const [db, pool] = [createDb(cluster.url), createPool(cluster.url, 2)];
  try {
    say("loading 10,080,000 generated decisions, as their hours count them");
    const document = loggingDocument();
    const busy = await loadBusyUseCase(db, pool, document);
    const residentBefore = process.memoryUsage().rss;
    const measured: ImpactFigures["measured"] = [];
    let heapPeak = 0;
    for (const [change, after] of Object.entries(proposals(document))) {
      const taken: number[] = [];
      let flips = 0;
      for (let run = -1; run < runs; run++) {
        const started = performance.now();
        const found = await measureImpact(db, { ...busy, before: document, after });
        heapPeak = Math.max(heapPeak, process.memoryUsage().heapUsed);
        flips = found.stricter + found.looser;
        if (run >= 0) taken.push(performance.now() - started);
      }
      measured.push({ change, flips, median: median(taken), p95: percentile(taken, 0.95), runs });
      say(`${median(taken).toFixed(0).padStart(6)} ms  ${change}, ${flips.toLocaleString("en-GB")} flips`);
    }
    const residentPeak = process.resourceUsage().maxRSS * 1024;
    const { commands, ref } = await timeCommands(db, document, runs);
    for (const { command, p50, p95 } of commands)
      say(`${p50.toFixed(0).padStart(6)} ms  p95 ${p95.toFixed(0)} ms  ${command}`);
    const page = browser ? await benchPages(db, cluster.url, [`/changes/${ref}`]) : [];
    return { measured, commands, memory: { residentBefore, residentPeak, heapPeak }, page };
  } finally {
    await pool.end();
    await db.$disconnect();
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function loggingDocument(): PolicyDocument {
  const [template] = TEMPLATES;
  if (!template) throw new Error("There is no template.");
  return { ...template.document, stage: "logging" };
}

/** The stage; what an engine must be asked anew of each fact; and what moves nearly everything. */
function proposals(document: PolicyDocument): Record<string, PolicyDocument> {
  const { controls, baseline } = document;
  const stricter = Object.entries(controls).map(([id, binding]) => [
    id,
    binding.sensitivity ? { ...binding, sensitivity: "L4" as const } : binding,
  ]);
  return {
    "stage to limited": { ...document, stage: "limited" },
    "every sensitivity to L4, enforcing": {
      ...document,
      stage: "enforcing",
      controls: Object.fromEntries(stricter),
    },
    "no model approved, enforcing": {
      ...document,
      stage: "enforcing",
      baseline: { ...baseline, models: [] },
      controls: { ...controls, "model-not-approved": { mode: "enforce" } },
    },
  };
}

async function timeCommands(db: Db, document: PolicyDocument, runs: number) {
  const lead = await ctxFor(db, ["security_lead"]);
  const useCase = await db.useCase.findUniqueOrThrow({ where: { slug: "busy" } });
  const author = await ctxFor(db, ["application_owner"]);
  await db.useCaseMember.create({ data: { useCaseId: useCase.id, personId: author.id } });
  const draft = await draftChange(author.at(), {
    useCase: useCase.slug,
    baseVersion: 1,
    proposal: { ...document, stage: "limited" },
    justification: "Generated to measure how long it takes to show its impact.",
  });
  const id = draft.id;
  const once = await timed(1, () => submitChange(author.at(), { id }));
  let minutes = 0;
  const laterEachTime = () => ({ ...author.at(), now: new Date(Date.now() + 61_000 * minutes++) });
  const again = await timed(runs, () => measureChange(laterEachTime(), { id }));
  const read = await timed(runs * 10, () => getChange(lead.at(), { id }));
  const row = (command: string, taken: number[]) => ({
    command,
    p50: percentile(taken, 0.5),
    p95: percentile(taken, 0.95),
    runs: taken.length,
  });
  return {
    ref: draft.ref,
    commands: [row("submit", once), row("measure again", again), row("read, with evidence", read)],
  };
}

async function timed(runs: number, run: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let at = 0; at < runs; at++) {
    const started = performance.now();
    await run();
    taken.push(performance.now() - started);
  }
  return taken;
}

/** A person who asks, each time now. */
async function ctxFor(db: Db, roles: Role[]): Promise<{ id: string; at: () => Ctx }> {
  const { id, name, email } = await buildPerson(db, roles);
  const actor = { kind: "person", id, name, email, roles, sessionId: null } as const;
  return { id, at: () => ({ actor, now: new Date(), requestId: "bench", db }) };
}
