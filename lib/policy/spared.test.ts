import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "./compile";
import { factsDigest } from "./digest";
import type { PolicyDocument } from "./document";
import { evaluate } from "./evaluate";
import { covers, type ExceptionScope, type PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import { measureSpared, type SparedCell, STOPPING } from "./spared";
import { exampleDocument, someFacts } from "./testing";

const NOW = new Date("2026-03-02T09:00:00.000Z");
const DAY_MS = 86_400_000;
const later = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

const policy = (stage: PolicyDocument["stage"]) =>
  compile({
    ...exampleDocument,
    stage,
    controls: {
      "pii/email": { mode: "redact", sensitivity: "L2" },
      "prompt-attack": { mode: "enforce", sensitivity: "L2" },
      "tool-not-approved": { mode: "require_approval" },
      "model-not-approved": { mode: "log" },
    },
  });
const POLICIES = { logging: policy("logging"), enforcing: policy("enforcing") };
const CONTROLS = ["pii/email", "prompt-attack", "tool-not-approved", "model-not-approved"] as const;

const terms = (
  id: string,
  controls: string[],
  scope: ExceptionScope,
  expires = 30,
): PolicyExceptionTerms => ({
  id,
  ref: id,
  useCase: "support-bot",
  controls,
  scope,
  riskOwner: "R",
  startsAt: later(-1),
  expiresAt: later(expires),
  reviewAt: later(expires),
  reviewedAt: null,
  endedAt: null,
  approvedAt: later(-1),
});

const facts = fc.record({
  workload: fc.constantFrom("gateway", "batch"),
  tool: fc.constantFrom("send_money", "rm_rf", "search_web"),
  model: fc.constantFrom("openai/gpt-4o", "mistral/large"),
  email: fc.boolean(),
  attack: fc.boolean(),
});
const scope: fc.Arbitrary<ExceptionScope> = fc.record(
  {
    workloads: fc.constantFrom<string[]>(["gateway"], ["batch"]),
    tools: fc.constantFrom<string[]>(["rm_*"], ["send_money", "search_*"]),
  },
  { requiredKeys: [] },
);
const someControls = fc.subarray([...CONTROLS], { minLength: 1 });

function toFacts(one: {
  workload: string;
  tool: string;
  model: string;
  email: boolean;
  attack: boolean;
}): Facts {
  return someFacts({
    useCase: "support-bot",
    action: "tool_call",
    workload: one.workload,
    tool: one.tool,
    model: one.model,
    signals: { ...(one.email ? { "pii/email": 1 } : {}), ...(one.attack ? { "prompt-attack": 2 } : {}) },
  });
}

describe("what an exception would spare", () => {
  it("is what deciding every recorded decision again, with and without it, gives", () => {
    let spared = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(facts, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 12 }),
        someControls,
        scope,
        fc.option(fc.tuple(someControls, scope, fc.integer({ min: -1, max: 400 }))),
        fc.constantFrom("logging", "enforcing"),
        (recorded, controls, limitedTo, other, stage) => {
          const others = other ? [terms("OTHER", other[0], other[1], other[2] + 0.5)] : [];
          const list = recorded.map(([one, n]) => ({ facts: toFacts(one), n }));
          const result = measureSpared({
            cells: list.map((one): SparedCell => ({ fact: factsDigest(one.facts), version: 1, n: one.n })),
            facts: new Map(list.map((one) => [factsDigest(one.facts), one.facts])),
            policy: POLICIES[stage],
            others,
            candidate: { useCase: "support-bot", controls, scope: limitedTo },
            now: NOW,
            unrecorded: new Map(),
          });
          const each = list.flatMap((one) => Array.from({ length: one.n }, () => one.facts));
          const candidate = terms("EXC", controls, limitedTo, 9999);
          const decided = each.map((one) => {
            const without = evaluate(one, POLICIES[stage], others, NOW);
            const having = evaluate(one, POLICIES[stage], [...others, candidate], NOW);
            const newly = without.findings
              .filter(({ control, effect }) => effect !== "exempted" && covers(candidate, one, control))
              .map(({ control }) => control);
            return { without, having, newly, workload: one.workload };
          });
          const touched = decided.filter(({ newly }) => newly.length > 0);
          spared += touched.length;
          expect(result.decisions).toBe(each.length);
          expect(result.spared).toBe(touched.length);
          expect(result.unknown).toBe(0);
          for (const control of CONTROLS) {
            const n = touched.filter(({ newly }) => newly.includes(control)).length;
            expect(result.byControl.find(({ key }) => key === control)?.n ?? 0).toBe(n);
          }
          for (const by of STOPPING) {
            const through = (pick: "outcome" | "wouldBe") =>
              touched.filter(({ without, having }) => without[pick] === by && having[pick] !== by).length;
            expect([by, result.stops[by], result.wouldStop[by]]).toEqual([
              by,
              through("outcome"),
              through("wouldBe"),
            ]);
          }
          expect(result.byWorkload.reduce((sum, { n }) => sum + n, 0)).toBe(touched.length);
        },
      ),
      { numRuns: 1000 },
    );
    expect(spared).toBeGreaterThan(1000);
  });

  it("stops nothing while the policy only logs, and says what it would stop", () => {
    const one = toFacts({
      workload: "gateway",
      tool: "send_money",
      model: "openai/gpt-4o",
      email: false,
      attack: true,
    });
    const ask = (stage: "logging" | "enforcing") =>
      measureSpared({
        cells: [{ fact: factsDigest(one), version: 1, n: 7 }],
        facts: new Map([[factsDigest(one), one]]),
        policy: POLICIES[stage],
        others: [],
        candidate: { useCase: "support-bot", controls: ["prompt-attack"], scope: {} },
        now: NOW,
        unrecorded: new Map(),
      });
    expect(ask("logging")).toMatchObject({ spared: 7, stops: { block: 0 }, wouldStop: { block: 7 } });
    expect(ask("enforcing")).toMatchObject({ spared: 7, stops: { block: 7 }, wouldStop: { block: 7 } });
  });

  it("counts as unknown what depends on content that was not looked at, and facts that are gone", () => {
    const document: PolicyDocument = {
      ...exampleDocument,
      controls: {
        "custom/no-legal-advice": { mode: "enforce", sensitivity: "L2", phrases: ["legal advice"] },
      },
    };
    const ask = (scopeOf: ExceptionScope) =>
      measureSpared({
        cells: [
          { fact: "f", version: 1, n: 3 },
          { fact: "gone", version: 1, n: 2 },
        ],
        facts: new Map([["f", someFacts({ useCase: "support-bot", workload: "gateway" })]]),
        policy: compile(document),
        others: [],
        candidate: { useCase: "support-bot", controls: ["custom/no-legal-advice"], scope: scopeOf },
        now: NOW,
        unrecorded: new Map([[1, ["custom/no-legal-advice"]]]),
      });
    expect(ask({})).toMatchObject({ decisions: 5, spared: 0, unknown: 5 });
    expect(ask({ workloads: ["batch"] })).toMatchObject({ decisions: 5, spared: 0, unknown: 2 });
  });
});
