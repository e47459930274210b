import { cpus } from "node:os";
import { type Bench, startBench } from "./decision-point";
import { type Load, type LoadResult, postBytes, runLoad } from "./http-load";

export interface DecisionsMeasured {
  name: string;
  /** Medians over the runs; milliseconds. */
  perSecond: number;
  p50: number;
  p99: number;
  runs: number;
  refused: number;
}

export interface DecisionsOptions {
  runs?: number;
  seconds?: number;
  say?: (line: string) => void;
}

const PROMPT_CHARS = 1_000;

/**
 * Decisions over HTTP, each committed before it is answered: closed loops of 1, 16 and 64 connections, and a steady
 * 1,000 a second; without content, and with every built-in detector on 1,000 characters. The decision point is a
 * process of its own; PostgreSQL and this client share the machine with it. Every decision answered is then counted
 * in the database.
 */
export async function benchDecisions(options: DecisionsOptions = {}): Promise<DecisionsMeasured[]> {
  const { runs = 3, seconds = 5, say = () => {} } = options;
  const bench = await startBench();
  try {
    const measured: DecisionsMeasured[] = [];
    let answered = 0;
    const kinds = [
      { label: "no content", requests: withoutContent(bench) },
      { label: `${PROMPT_CHARS} characters`, requests: withContent(bench) },
    ];
    for (const { label, requests } of kinds) {
      answered += (await run(bench, { requests, connections: 64, seconds: 3 })).answered;
      for (const load of loads(requests, seconds)) {
        const results: LoadResult[] = [];
        for (let at = 0; at < runs; at++) results.push(await run(bench, load));
        answered += results.reduce((sum, result) => sum + result.answered, 0);
        const name = `${label}, ${load.rate ? `steady ${load.rate}/s` : `${load.connections} connections`}`;
        measured.push(summary(name, results));
        say(line(measured.at(-1) as DecisionsMeasured));
      }
    }
    await assertRecorded(bench, answered);
    return measured;
  } finally {
    await bench.stop();
  }
}

function loads(requests: Load["requests"], seconds: number): Omit<Load, "host" | "port">[] {
  return [
    ...[1, 16, 64].map((connections) => ({ requests, connections, seconds })),
    { requests, connections: 64, seconds, rate: 1_000 },
  ];
}

function run({ host, port }: Bench, load: Omit<Load, "host" | "port">): Promise<LoadResult> {
  return runLoad({ ...load, host, port });
}

function withoutContent({ credential }: Bench): Buffer[] {
  return Array.from({ length: 200 }, (_, at) =>
    postBytes("/v1/decisions", credential, {
      action: at % 3 === 0 ? "tool_call" : "prompt",
      model: "openai/gpt-4o",
      ...(at % 3 === 0 && { tool: { name: `search_${at % 4}` } }),
      sessionId: `session-${at}`,
      actor: { id: `u-${at % 50}` },
      dataClass: "internal",
    }),
  );
}

const SENTENCES = [
  "We would like to talk about the open questions of the contract before the end of May.",
  "The customer says that the parcel, order 20-4471, has not been delivered to the shop yet!",
  "Please summarise the following notes in five bullet points, and keep the numbers as they are.",
  "You can reach the team at help@example.com or read https://docs.example.com/a/b?c=d for more.",
  "Version 3.2 of the library fixes the bug in which dates of 1999 were shown as 2099.",
];

/** A prompt of 1,000 characters, one of many. */
export function prompt(at: number): string {
  let text = `Request ${at}. `;
  for (let n = at; text.length < PROMPT_CHARS; n++) text += `${SENTENCES[n % SENTENCES.length]} `;
  return text.slice(0, PROMPT_CHARS);
}

/** No prompt comes twice: what was found in a text before is remembered. */
function withContent({ credential }: Bench): (n: number) => Buffer {
  let at = 0;
  return () => {
    at += 1;
    return postBytes("/v1/decisions", credential, {
      action: "prompt",
      model: "openai/gpt-4o",
      sessionId: `session-${at % 64}`,
      actor: { id: `u-${at % 50}` },
      messages: [{ role: "user", content: prompt(at) }],
    });
  };
}

function summary(name: string, results: LoadResult[]): DecisionsMeasured {
  const median = (pick: (result: LoadResult) => number) =>
    results.map(pick).sort((a, b) => a - b)[Math.floor(results.length / 2)] ?? Number.NaN;
  return {
    name,
    perSecond: median(({ perSecond }) => perSecond),
    p50: median(({ p50 }) => p50),
    p99: median(({ p99 }) => p99),
    runs: results.length,
    refused: results.reduce((sum, { refused }) => sum + refused, 0),
  };
}

/** One figure as a line of a table. */
export function line({ name, perSecond, p50, p99, refused }: DecisionsMeasured): string {
  return `${name.padEnd(36)} ${perSecond.toFixed(0).padStart(7)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  refused ${refused}`;
}

async function assertRecorded({ db }: Bench, answered: number): Promise<void> {
  const [row] = await db.$queryRaw<{ n: number; counted: number }[]>`
    SELECT (SELECT count(*)::float8 FROM "decision") AS "n", (SELECT sum("n")::float8 FROM "series_hour") AS "counted"`;
  if (row?.n !== answered || row.counted !== answered) {
    throw new Error(`${answered} decisions were answered, ${row?.n} recorded, ${row?.counted} counted.`);
  }
}

if (import.meta.main) {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, shared with PostgreSQL and the load`,
  );
  const [runs = 3, seconds = 5] = process.argv.slice(2).map(Number);
  await benchDecisions({ runs, seconds, say: console.log });
}
