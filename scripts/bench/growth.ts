import { CONTROLS } from "@/lib/policy/catalogue";
import { compile } from "@/lib/policy/compile";
import { factsDigest } from "@/lib/policy/digest";
import type { ControlBinding, PolicyDocument } from "@/lib/policy/document";
import { evaluate } from "@/lib/policy/evaluate";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import { type Facts, toFacts } from "@/lib/policy/facts";
import { buildDocument } from "@/lib/testing/builders";
import { startBench } from "./decision-point";
import { postBytes, runLoad } from "./http-load";
import { percentile } from "./statistics";

type Say = (line: string) => void;

const NOW = new Date("2026-11-21T00:00:00Z");
const FRESH = 1_000;
const MET = 20_000;
const RUNS = 5;
const CONTROL_COUNTS = [10, 30, 100, 300];
const EXCEPTION_COUNTS = [0, 100, 1_000, 10_000];
const USE_CASE_COUNTS = [1, 100, 1_000];
const FACT_COUNTS = [1_000, 10_000, 100_000, 1_000_000];
const CONNECTIONS = 64;

/**
 * What a decision costs as things grow: controls of a policy and exceptions of a use case in process, use cases of an
 * installation and distinct facts over HTTP, with the memory of the decision point. Medians of five runs in process.
 */
export async function benchGrowth(say: Say): Promise<void> {
  for (const n of CONTROL_COUNTS) say(ofControls(n));
  for (const n of EXCEPTION_COUNTS) say(ofExceptions(n));
  for (const n of USE_CASE_COUNTS) say(await ofUseCases(n));
  await ofFacts(say);
}

function documentOf(controls: number): PolicyDocument {
  const builtIn = CONTROLS.map(({ id, takesSensitivity }): [string, ControlBinding] => [
    id,
    { mode: "log", ...(takesSensitivity && { sensitivity: "L2" as const }) },
  ]);
  const own = Array.from(
    { length: Math.max(0, controls - builtIn.length) },
    (_, n): [string, ControlBinding] => [
      `custom/own-${n}`,
      { mode: "log", when: `context.tool == "tool-${n}" && context.dataClass == "restricted"` },
    ],
  );
  const { baseline } = buildDocument();
  return buildDocument(Object.fromEntries([...builtIn, ...own].slice(0, controls)), "enforcing", {
    baseline: { ...baseline, models: ["openai/*"], tools: [{ name: "search_*", impact: "low" }] },
  });
}

function factsOf(n: number): Facts {
  return toFacts({
    action: "tool_call",
    attributed: true,
    cohort: 25,
    credential: { ageBucket: 24, kind: "task" },
    dataClass: "internal",
    environment: "production",
    links: {},
    model: "openai/gpt-4o",
    requestRateBucket: 30,
    signals: { "pii/email": 2 },
    tool: `tool-${n}`,
    useCase: "support-bot",
    workload: "gateway",
  });
}

function exceptionsOf(count: number): PolicyExceptionTerms[] {
  const day = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
  return Array.from({ length: count }, (_, n) => ({
    id: `exception-${n}`,
    ref: `EXC-${n}`,
    useCase: "support-bot",
    controls: [CONTROLS[n % CONTROLS.length]?.id ?? "secrets"],
    scope: { tools: [`other-${n}-*`] },
    riskOwner: "Risk Owner",
    startsAt: day(-10),
    expiresAt: day(20),
    reviewAt: day(20),
    reviewedAt: null,
    endedAt: null,
    approvedAt: day(-11),
  }));
}

interface Times {
  compileMs: number;
  freshUs: number;
  metUs: number;
}

/** p50 of facts that are new to the policy, and of those that it has met; the median over the runs. */
function times(document: PolicyDocument, exceptions: PolicyExceptionTerms[]): Times {
  const facts = Array.from({ length: FRESH }, (_, n) => factsOf(n));
  const keys = facts.map(factsDigest);
  const runs = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    const policy = compile(document);
    const compileMs = performance.now() - start;
    const decide = (n: number) =>
      evaluate(facts[n % FRESH] as Facts, policy, exceptions, NOW, keys[n % FRESH]);
    return { compileMs, freshUs: timed(FRESH, decide), metUs: timed(MET, decide) };
  });
  const middle = (pick: (run: Times) => number) => percentile(runs.map(pick), 0.5);
  return {
    compileMs: middle((run) => run.compileMs),
    freshUs: middle((run) => run.freshUs),
    metUs: middle((run) => run.metUs),
  };
}

function timed(count: number, work: (n: number) => unknown): number {
  const taken: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = process.hrtime.bigint();
    work(n);
    taken.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return percentile(taken, 0.5);
}

function worded({ compileMs, freshUs, metUs }: Times): string {
  return `new facts p50 ${freshUs.toFixed(0)} µs, met p50 ${metUs.toFixed(1)} µs, compiled in ${compileMs.toFixed(0)} ms`;
}

function ofControls(count: number): string {
  return `${count} controls: ${worded(times(documentOf(count), []))}`;
}

function ofExceptions(count: number): string {
  return `30 controls, ${count} exceptions: ${worded(times(documentOf(30), exceptionsOf(count)))}`;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;

async function ofUseCases(count: number): Promise<string> {
  const bench = await startBench({ useCases: count });
  try {
    const resident = await bench.residentBytes();
    const requests = Array.from({ length: 200 }, (_, n) => requestOf(bench.credential, n));
    const load = { host: bench.host, port: bench.port, requests, connections: CONNECTIONS, seconds: 5 };
    await runLoad({ ...load, seconds: 2 });
    const { perSecond, p99 } = await runLoad(load);
    return `${count} use cases: ${perSecond.toFixed(0)} decisions/s, p99 ${p99.toFixed(1)} ms; resident ${megabytes(resident)} when ready, ${megabytes(await bench.residentBytes())} after the load`;
  } finally {
    await bench.stop();
  }
}

function requestOf(credential: string, n: number): Buffer {
  return postBytes("/v1/decisions", credential, {
    action: "tool_call",
    model: "openai/gpt-4o",
    tool: { name: `tool-${n}` },
    sessionId: "session",
  });
}

/** Every request brings facts that were never seen, until there are so many. */
async function ofFacts(say: Say): Promise<void> {
  const bench = await startBench();
  try {
    let next = 0;
    for (const count of FACT_COUNTS) {
      const begun = performance.now();
      const latencies: number[] = [];
      while (next < count) {
        const result = await runLoad({
          host: bench.host,
          port: bench.port,
          requests: () => requestOf(bench.credential, next++),
          connections: CONNECTIONS,
          seconds: Math.min(10, Math.max(0.2, (count - next) / 6_000)),
        });
        latencies.push(result.p99);
      }
      const seconds = (performance.now() - begun) / 1000;
      say(
        `up to ${next} distinct facts: ${seconds.toFixed(0)} s, p99 of the slowest part ${Math.max(...latencies).toFixed(1)} ms, resident ${megabytes(await bench.residentBytes())}`,
      );
    }
  } finally {
    await bench.stop();
  }
}
