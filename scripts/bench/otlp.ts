import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Bench, startBench } from "./decision-point";
import { prompt } from "./decisions";
import { agentRun, jsonExport, protobufExport } from "./otlp-exports";
import { median, percentile } from "./statistics";

export interface OtlpMeasured {
  name: string;
  /** Medians over the runs. */
  spansPerSecond: number;
  observationsPerSecond: number;
  /** Milliseconds from sending an export to its answer. */
  p50: number;
  p99: number;
  runs: number;
}

export interface OtlpOptions {
  runs?: number;
  /** Exports in a run. */
  exports?: number;
  say?: (line: string) => void;
}

const RUNS_IN_EXPORT = 128;
const SPANS_IN_RUN = 4;
const COUNTED_IN_RUN = 3;
const CONNECTIONS = 4;
/** Exports of each encoding before anything is measured. */
const WARM_UP = 60;

const ENCODINGS = [
  { name: "JSON, gzip", type: "application/json", encode: jsonExport },
  { name: "protobuf, gzip", type: "application/x-protobuf", encode: protobufExport },
] as const;

/**
 * OTLP exports of 512 spans (the batch of OpenTelemetry's SDKs), gzip, over 4 connections, each answered once its
 * observations are committed. Runs of an agent, each with a prompt of 1,000 characters of its own that two calls repeat,
 * and every built-in detector; three of four spans count. Every counted span is then found in the database, and every token.
 */
export async function benchOtlp(options: OtlpOptions = {}): Promise<OtlpMeasured[]> {
  const { runs = 3, exports = 150, say = () => {} } = options;
  const bench = await startBench();
  try {
    const results = ENCODINGS.map((): Run[] => []);
    let counted = 0;
    // The encodings take turns: a decision point that just started is slower, whatever it reads.
    for (let at = -1; at < runs; at++) {
      for (const [index, { type, encode }] of ENCODINGS.entries()) {
        const bodies = Array.from({ length: at < 0 ? WARM_UP : exports }, (_, n) =>
          gzipSync(encode(batch(n), new Date())),
        );
        const run = await exportAll(bench, type, bodies);
        counted += bodies.length * RUNS_IN_EXPORT * COUNTED_IN_RUN;
        if (at >= 0) results[index]?.push(run);
      }
    }
    const measured = ENCODINGS.map(({ name }, index) => figureOf(name, results[index] ?? []));
    for (const figure of measured) say(line(figure));
    await assertRecorded(bench, counted);
    return measured;
  } finally {
    await bench.stop();
  }
}

function figureOf(name: string, runs: readonly Run[]): OtlpMeasured {
  const of = (pick: (run: Run) => number) => median(runs.map(pick));
  const perSecond = of(({ exportsPerSecond }) => exportsPerSecond) * RUNS_IN_EXPORT;
  return {
    name,
    spansPerSecond: perSecond * SPANS_IN_RUN,
    observationsPerSecond: perSecond * COUNTED_IN_RUN,
    p50: of(({ latencies }) => percentile(latencies, 0.5)),
    p99: of(({ latencies }) => percentile(latencies, 0.99)),
    runs: runs.length,
  };
}

const batch = (n: number) =>
  Array.from({ length: RUNS_IN_EXPORT }, (_, at) =>
    agentRun(`${randomUUID()} ${prompt(at % 64)}`.slice(0, 1_000), n * RUNS_IN_EXPORT + at),
  ).flat();

interface Run {
  exportsPerSecond: number;
  latencies: number[];
}

async function exportAll(
  { host, port, credential }: Bench,
  type: string,
  bodies: readonly Buffer[],
): Promise<Run> {
  const headers = { "content-type": type, "content-encoding": "gzip", authorization: `Bearer ${credential}` };
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  const connection = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const sentAt = performance.now();
      const response = await fetch(`http://${host}:${port}/v1/traces`, {
        method: "POST",
        headers,
        body: new Uint8Array(body),
      });
      const answer = await response.text();
      if (response.status !== 200 || answer.length > 2)
        throw new Error(`An export was refused: ${response.status} ${answer}`);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return { exportsPerSecond: bodies.length / ((performance.now() - started) / 1000), latencies };
}

/** One figure as a line of a table. */
function line({ name, spansPerSecond, observationsPerSecond, p50, p99 }: OtlpMeasured): string {
  return `${name.padEnd(16)} ${spansPerSecond.toFixed(0).padStart(7)} spans/s  ${observationsPerSecond.toFixed(0)} observations/s  export p50 ${p50.toFixed(0)} ms  p99 ${p99.toFixed(0)} ms`;
}

async function assertRecorded({ db }: Bench, counted: number): Promise<void> {
  const tokens = (counted / COUNTED_IN_RUN) * 2 * (250 + 20);
  const [row] = await db.$queryRaw<{ n: number; tokens: number }[]>`
    SELECT (SELECT count(*)::float8 FROM "decision") AS "n", (SELECT sum("n")::float8 FROM "token_hour") AS "tokens"`;
  if (row?.n !== counted || row.tokens !== tokens) {
    throw new Error(
      `${counted} spans and ${tokens} tokens were sent, ${row?.n} and ${row?.tokens} recorded.`,
    );
  }
}
