import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import type { PolicyExceptionTerms } from "@/lib/policy/exception";
import { type Facts, toFacts } from "@/lib/policy/facts";
import { type ReplayCell, replay } from "@/lib/policy/replay";
import { TEMPLATES } from "@/lib/policy/templates";

export interface ReplayFigures {
  decisions: number;
  facts: number;
  cells: number;
  exceptions: number;
  runs: number;
  /** One replay with nothing remembered, compilation of both policies included; median, in milliseconds. */
  ms: number;
}

const RUNS = 3;
const FACTS = 5000;
const HOURS = 720;
const FACTS_PER_HOUR = 1400;
const START = Date.UTC(2026, 9, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function benchFacts(i: number): Facts {
  return toFacts({
    action: "tool_call",
    attributed: true,
    cohort: 25,
    credential: { ageBucket: 24, kind: "task" },
    environment: "production",
    links: {},
    model: `vendor/model-${i % 25}`,
    signals: i % 3 ? { "pii/email": 2 } : {},
    tool: `tool-${i % 200}`,
    toolCallsBucket: 8,
    useCase: "support-bot",
    workload: `gateway-${i}`,
  });
}

function benchCells(): ReplayCell[] {
  return Array.from({ length: HOURS * FACTS_PER_HOUR }, (_, i) => {
    const hour = Math.floor(i / FACTS_PER_HOUR);
    const from = new Date(START + hour * HOUR);
    const fact = `fact-${(hour * 37 + (i % FACTS_PER_HOUR) * 13) % FACTS}`;
    return { fact, from, to: new Date(from.getTime() + HOUR), hour: from.toISOString(), n: 10 };
  });
}

/** Twenty exceptions for one tool each, beginning a day apart and lasting nine. */
function benchExceptions(): PolicyExceptionTerms[] {
  return Array.from({ length: 20 }, (_, i) => {
    const expiresAt = new Date(START + (i + 9) * DAY);
    return {
      id: `exception-${i}`,
      ref: `EXC-${i}`,
      useCase: "support-bot",
      controls: ["tool-not-approved", "high-impact-tool"],
      scope: { tools: [`tool-${i}`] },
      riskOwner: "Risk Owner",
      startsAt: new Date(START + i * DAY),
      expiresAt,
      reviewAt: expiresAt,
      reviewedAt: null,
      endedAt: null,
      approvedAt: new Date(START),
    };
  });
}

function benchChange(): [before: PolicyDocument, after: PolicyDocument] {
  const [template] = TEMPLATES;
  if (!template) throw new Error("No template");
  const baseline = { ...template.document.baseline, tools: [{ name: "tool-1*", impact: "low" as const }] };
  const before: PolicyDocument = { ...template.document, baseline, stage: "limited" };
  return [before, { ...before, stage: "enforcing" }];
}

/** Times the replay of one change over 30 days of 10 million decisions. Asserts nothing. */
export function benchReplay(): ReplayFigures {
  const facts = new Map(Array.from({ length: FACTS }, (_, i) => [`fact-${i}`, benchFacts(i)]));
  const [cells, exceptions, [before, after]] = [benchCells(), benchExceptions(), benchChange()];
  const taken: number[] = [];
  let decisions = 0;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const found = replay({ facts, cells, before: compile(before), after: compile(after), exceptions });
    taken.push(performance.now() - start);
    decisions = found.total;
  }
  const ms = taken.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  return { decisions, facts: FACTS, cells: cells.length, exceptions: exceptions.length, runs: RUNS, ms };
}
