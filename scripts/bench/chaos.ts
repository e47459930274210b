import { setTimeout as sleep } from "node:timers/promises";
import { type Judged, judge, readStored, type Stored } from "./chaos-check";
import { ChaosClient, type Tally } from "./chaos-client";
import { ChaosConsole, type ConsoleTally } from "./chaos-console";
import { QUESTIONS } from "./chaos-questions";
import { Stage } from "./chaos-stage";
import { Windows } from "./chaos-windows";
import { percentile } from "./statistics";

const CONNECTIONS = 32;
const RATE = 600;
/** Between two troubles, in milliseconds. */
const CALM_MS = 6_000;

/** When something was away. */
interface Away {
  database: Windows;
  /** The console, or the database that it needs. */
  console: Windows;
}

/**
 * Two decision points, the jobs and the console on one PostgreSQL, under load all the while, as people at the console
 * change the policy to and fro: in turn the database is killed or shut down at once and comes back after seconds; each
 * of the others is stopped or killed, also while the database is away. At the end everything that was acknowledged must
 * be stored, once, as it was answered; each answer must be what the policy says that was in force; and the console must
 * have answered whenever it and the database were there. Throws when it is not so.
 */
export async function benchChaos(minutes: number): Promise<object> {
  const stage = await Stage.open();
  const away: Away = { database: new Windows(), console: new Windows() };
  try {
    const client = new ChaosClient({
      ports: stage.ports,
      credential: stage.credential,
      questions: QUESTIONS,
      connections: CONNECTIONS,
      rate: RATE,
    });
    const people = await ChaosConsole.open(stage.consoleUrl, stage.people, away.console);
    const troubles = await causeTroubles(stage, client, away, Date.now() + minutes * 60_000);
    const seen = await people.stop();
    const tally = await client.stop();
    await stage.untilIngested();
    const packsMissing = await people.packsMissing();
    const stored = await readStored(stage.url, tally);
    const judged = judge(tally, stored.versions, seen.appliedAt, away.database);
    const result = { tally, seen, stored, judged, packsMissing };
    const faults = faultsOf(result, stage);
    if (faults.length === 0) return reportOf(result, troubles);
    console.log(reportOf(result, troubles));
    if (tally.odd.size > 0) for (const point of stage.points) console.log(await stage.errorsOf(point));
    if (seen.failed.size > 0) console.log(await stage.errorsOf(stage.console));
    if (packsMissing + stage.jobs.fell > 0) console.log(await stage.errorsOf(stage.jobs));
    throw new Error(`${faults.join("; ")}.`);
  } finally {
    await stage.close();
  }
}

/** What a trouble takes away beside a decision point. */
type Takes = "database" | "console" | "nothing";

function troublesOf(stage: Stage): Record<string, [Takes, () => Promise<void>]> {
  const { points, console, jobs } = stage;
  const rest = () => sleep(2_000 + Math.random() * 3_000);
  const withoutPostgres = async (signal: "SIGKILL" | "SIGQUIT", restart?: () => Promise<void>) => {
    await stage.signalPostgres(signal);
    if (restart) await sleep(1_000);
    const restarted = restart?.();
    await rest();
    await stage.startPostgres();
    await restarted;
  };
  return {
    "PostgreSQL killed": ["database", () => withoutPostgres("SIGKILL")],
    "first point drained": ["nothing", () => points[0].restart("SIGTERM")],
    "console stopped": ["console", () => console.restart("SIGTERM")],
    "second point killed": ["nothing", () => points[1].restart("SIGKILL")],
    "jobs stopped": ["nothing", () => jobs.restart("SIGTERM")],
    "PostgreSQL shut down at once": ["database", () => withoutPostgres("SIGQUIT")],
    "second point drained": ["nothing", () => points[1].restart("SIGTERM")],
    "console killed": ["console", () => console.restart("SIGKILL")],
    "first point killed while PostgreSQL is away": [
      "database",
      () => withoutPostgres("SIGKILL", () => points[0].restart("SIGKILL")),
    ],
    "jobs killed": ["nothing", () => jobs.restart("SIGKILL")],
    "PostgreSQL silent": [
      "database",
      async () => {
        stage.proxy.hang();
        await rest();
        stage.proxy.resume();
      },
    ],
    "first point killed": ["nothing", () => points[0].restart("SIGKILL")],
    "second point drained while PostgreSQL is away": [
      "database",
      () => withoutPostgres("SIGKILL", () => points[1].restart("SIGTERM")),
    ],
  };
}

/** Runs the troubles in turn until the time is over. Returns how often each was caused. */
async function causeTroubles(stage: Stage, client: ChaosClient, away: Away, until: number) {
  const troubles = Object.entries(troublesOf(stage));
  const caused: Record<string, number> = {};
  for (let turn = 0; Date.now() < until - CALM_MS; turn++) {
    await sleep(CALM_MS);
    const trouble = troubles[turn % troubles.length];
    if (trouble === undefined) continue;
    const [name, [takes, cause]] = trouble;
    client.isTroubled = true;
    const ends = [
      ...(takes === "database" ? [away.database.open()] : []),
      ...(takes === "nothing" ? [] : [away.console.open()]),
    ];
    await cause();
    await stage.untilReady();
    for (const end of ends) end();
    client.isTroubled = false;
    caused[name] = (caused[name] ?? 0) + 1;
    console.log(`${new Date().toISOString()} ${name}; ${client.tally.acknowledged.size} acknowledged`);
  }
  await sleep(Math.max(0, until - Date.now()));
  return caused;
}

interface Result {
  tally: Tally;
  seen: ConsoleTally;
  stored: Stored;
  judged: Judged;
  packsMissing: number;
}

const ms = (values: readonly number[], share: number) => `${percentile(values, share).toFixed(1)} ms`;
const latency = (values: readonly number[]) =>
  `p50 ${ms(values, 0.5)}, p99 ${ms(values, 0.99)}, longest ${ms(values, 1)} (${values.length})`;

function reportOf({ tally, seen, stored, judged, packsMissing }: Result, troubles: Record<string, number>) {
  return {
    troubles,
    acknowledged: tally.acknowledged.size,
    stored: stored.rows,
    "stored late": stored.late,
    lost: stored.lost,
    duplicates: stored.duplicates,
    "policy versions applied": stored.versions.length - 1,
    "answers other than their version gives": judged.wrong,
    "answers by a version before it was in force": judged.early,
    "answers by a version replaced for over a second": judged.outdated,
    "longest until a version was in force": `${Math.max(0, judged.longestMs)} ms`,
    "stored otherwise than answered": stored.differing,
    "counted by the hours": stored.hours,
    "in batches": stored.batched,
    "stored, answer never heard": stored.unheard,
    "absences of the database": stored.gaps,
    "repeats under a key": tally.repeated,
    "repeats with a new decision": tally.answeredAnew,
    "attempts without an answer": tally.broken,
    "attempts answered 503": tally.unavailable,
    "other answers": Object.fromEntries(tally.odd),
    "given up": tally.givenUp,
    "console, pages and API asked": seen.looks,
    "console, failures while all was there": Object.fromEntries(seen.failed),
    "console, failures while it or PostgreSQL was away": Object.fromEntries(seen.excused),
    "changes given up in the middle": seen.abandoned,
    "packs of evidence": `${seen.packs.size}, of them not built: ${packsMissing}`,
    calm: latency(tally.calm),
    troubled: latency(tally.troubled),
  };
}

function faultsOf({ tally, seen, stored, judged, packsMissing }: Result, stage: Stage): string[] {
  const parts = [...stage.points, stage.jobs, stage.console];
  const lastApplied = Math.max(0, ...seen.appliedAt.keys());
  const counts = [
    [stored.lost, "acknowledged decisions are lost"],
    [stored.duplicates, "decisions are stored twice"],
    [tally.contradicted, "decisions were answered twice and not the same"],
    [judged.wrong + stored.differing, "answers are wrong"],
    [judged.early, "answers were by a version that was not in force yet"],
    [judged.outdated, "answers were by a version that had been replaced for over a second"],
    [stored.hours - stored.rows, "decisions more are in the hours than there are"],
    [stored.batched - stored.rows, "decisions more are in batches than there are"],
    [tally.odd.size, "kinds of answers were neither 200 nor 503"],
    [tally.givenUp, "questions had no answer"],
    [Math.max(0, lastApplied - stored.versions.length), "applied versions are lost"],
    [stored.applied - (stored.versions.length - 1), "changes more are in the audit log than were applied"],
    [stored.versions.length > 1 ? 0 : 1, "run applied no change"],
    [seen.failed.size, "kinds of failure of the console while it and the database were there"],
    [packsMissing, "packs of evidence were promised and not built"],
    [parts.filter(({ fell }) => fell > 0).length, "processes went without having been asked to"],
    [
      parts.flatMap(({ exits }) => exits).filter((code) => code !== 0 && code !== 143).length,
      "processes that were asked to stop did not, or failed",
    ],
    [tally.acknowledged.size === 0 ? 1 : 0, "run acknowledged nothing"],
  ] as const;
  return counts.flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`]));
}
