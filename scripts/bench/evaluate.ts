import { CONTROLS } from "@/lib/policy/catalogue";
import { compile } from "@/lib/policy/compile";
import { factsDigest } from "@/lib/policy/digest";
import type { ControlBinding, PolicyDocument } from "@/lib/policy/document";
import { evaluate } from "@/lib/policy/evaluate";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import { type Facts, toFacts } from "@/lib/policy/facts";
import { TEMPLATES } from "@/lib/policy/templates";

/** Times of one evaluation, in microseconds. */
export interface Quantiles {
  p50: number;
  p99: number;
}

export interface EvaluateFigures {
  controls: number;
  exceptions: number;
  runs: number;
  /** Facts that the policy has met before, their digest at hand. */
  met: Quantiles;
  /** Facts that it meets for the first time. */
  fresh: Quantiles;
  /** One compilation, in milliseconds. */
  compileMs: number;
}

const RUNS = 7;
const FRESH = 3000;
const MET = 100_000;
const CUSTOM: Record<string, ControlBinding> = {
  "custom/no-restricted-transfers": {
    mode: "enforce",
    when: 'context.tool == "send_money" && context.dataClass == "restricted"',
  },
  "custom/no-legal-advice": { mode: "log", sensitivity: "L2", phrases: ["legal advice"] },
};

function benchDocument(): PolicyDocument {
  const [template] = TEMPLATES;
  if (!template) throw new Error("No template");
  const controls = { ...template.document.controls, ...CUSTOM };
  const kept = Object.keys(controls).slice(-30);
  return {
    ...template.document,
    stage: "enforcing",
    baseline: {
      purposes: ["customer-support"],
      models: ["openai/gpt-4o", "anthropic/*"],
      dataClasses: ["public", "internal"],
      tools: [
        { name: "send_money", impact: "high" },
        { name: "search_*", impact: "low" },
      ],
      destinations: ["api.example.com", "*.corp.example"],
      retrievalSources: ["kb/*"],
      credentials: { kinds: ["federated", "task"], maxAgeHours: 720 },
      traffic: { requestsPerMinute: 120, promptChars: 16384, toolCallsPerSession: 32 },
    },
    limited: { controls: [], cohort: { percent: 10, workloads: [] } },
    controls: Object.fromEntries(kept.map((id) => [id, controls[id] as ControlBinding])),
  };
}

function benchExceptions(now: Date): PolicyExceptionTerms[] {
  const day = (days: number) => new Date(now.getTime() + days * 86_400_000);
  return Array.from({ length: 20 }, (_, i) => ({
    id: `exception-${i}`,
    ref: `EXC-${i}`,
    useCase: "support-bot",
    controls: [CONTROLS[i % CONTROLS.length]?.id ?? "secrets", "tool-not-approved"],
    scope: { tools: [`tool-${i}-*`], workloads: ["gateway"] },
    riskOwner: "Risk Owner",
    startsAt: day(-10),
    expiresAt: day(20),
    reviewAt: day(10),
    reviewedAt: null,
    endedAt: null,
    approvedAt: day(-11),
  }));
}

/** A tool call by an unapproved tool, with two signals: three findings, of which an exception may spare one. */
function benchFacts(i: number): Facts {
  return toFacts({
    action: "tool_call",
    attributed: true,
    cohort: 25,
    credential: { ageBucket: 24, kind: "task" },
    dataClass: "internal",
    environment: "production",
    links: { "docs.example": 3 },
    model: "openai/gpt-4o",
    purpose: "customer-support",
    requestRateBucket: 30,
    signals: { "pii/email": 2, secrets: 4 },
    tool: `tool-${i % 40}-${i}`,
    toolCallsBucket: 8,
    useCase: "support-bot",
    workload: "gateway",
  });
}

function quantiles(nanoseconds: Float64Array): Quantiles {
  nanoseconds.sort();
  const at = (share: number) => (nanoseconds[Math.floor(share * (nanoseconds.length - 1))] ?? 0) / 1000;
  return { p50: at(0.5), p99: at(0.99) };
}

function timed(times: number, work: (i: number) => unknown): Quantiles {
  const taken = new Float64Array(times);
  for (let i = 0; i < times; i++) {
    const start = process.hrtime.bigint();
    work(i);
    taken[i] = Number(process.hrtime.bigint() - start);
  }
  return quantiles(taken);
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const middleOf = (all: Quantiles[]): Quantiles => ({
  p50: middle(all.map(({ p50 }) => p50)),
  p99: middle(all.map(({ p99 }) => p99)),
});

/**
 * Times `evaluate` in process with 30 controls and 20 exceptions in force: the median over runs of the quantiles of
 * each. Asserts nothing; the timer itself (some 50 ns) is in the figures.
 */
export async function benchEvaluate(): Promise<EvaluateFigures> {
  const now = new Date("2026-11-21T00:00:00Z");
  const document = benchDocument();
  const exceptions = benchExceptions(now);
  const requests = Array.from({ length: FRESH }, (_, i) => benchFacts(i));
  const keys = requests.map(factsDigest);
  const [met, fresh, compiled]: [Quantiles[], Quantiles[], number[]] = [[], [], []];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const policy = compile(document);
    compiled.push(performance.now() - start);
    const decide = (i: number) =>
      evaluate(requests[i % FRESH] as Facts, policy, exceptions, now, keys[i % FRESH]);
    fresh.push(timed(FRESH, decide));
    met.push(timed(MET, decide));
    await new Promise(setImmediate);
  }
  return {
    controls: Object.keys(document.controls).length,
    exceptions: exceptions.length,
    runs: RUNS,
    met: middleOf(met),
    fresh: middleOf(fresh),
    compileMs: middle(compiled),
  };
}
