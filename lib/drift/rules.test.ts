import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDocument, anyException, anyFacts, EPOCH } from "@/lib/policy/arbitraries";
import { compile } from "@/lib/policy/compile";
import type { PolicyDocument } from "@/lib/policy/document";
import { evaluate } from "@/lib/policy/evaluate";
import type { Facts } from "@/lib/policy/facts";
import { exampleDocument } from "@/lib/policy/testing";
import { DRIFT_STATES, driftState, INCIDENT_STATUSES, mayMove } from "./lifecycle";
import { departuresOf, foldDrift, keyOf, lastSeenOf, type MetFacts, notBaselined, statedBy } from "./rules";

const JUDGES = [
  "model-not-approved",
  "tool-not-approved",
  "data-class-exceeded",
  "destination-not-approved",
  "unknown-links",
  "retrieval-source-not-approved",
  "purpose-not-approved",
  "credential-kind",
  "credential-age",
  "request-rate",
  "prompt-size",
  "tool-call-count",
] as const;

/** The document with every control that judges a baseline bound in mode `log`, and nothing else. */
function watching(document: PolicyDocument): PolicyDocument {
  const bound = JUDGES.map((id) => [
    id,
    { mode: "log" as const, ...(id === "unknown-links" ? { sensitivity: "L4" as const } : {}) },
  ]);
  const { detectors: _, ...rest } = document;
  return {
    ...rest,
    stage: "logging",
    limited: { ...rest.limited, controls: [] },
    controls: Object.fromEntries(bound),
  };
}

const when = new Date("2026-11-05T10:20:30.400Z");
const hour = new Date("2026-11-05T10:00:00Z");

function met(facts: Facts, n = 1, digest = "00"): MetFacts {
  return { digest, facts, n, first: when, last: hour };
}

const plain: Facts = {
  action: "tool_call",
  attributed: true,
  cohort: 100,
  credential: { ageBucket: 24, kind: "task" },
  environment: "production",
  links: {},
  signals: {},
  useCase: "support-bot",
  workload: "gateway",
};

describe("what drifts", () => {
  test("is what the evaluator's controls of the baseline would fire on, no more and no less", () => {
    fc.assert(
      fc.property(anyDocument, fc.array(anyFacts, { minLength: 1, maxLength: 6 }), (document, many) => {
        const policy = compile(watching(document));
        for (const facts of many) {
          const fired = evaluate(facts, policy, [], when).findings.map(({ control }) => control);
          const departed = departuresOf(facts, document.baseline).map(({ control }) => control);
          expect([...new Set(departed)].sort()).toEqual(fired);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("is covered exactly when the evaluator would spare it", () => {
    fc.assert(
      fc.property(
        anyDocument,
        anyFacts,
        fc.array(anyException, { maxLength: 4 }),
        fc.integer({ min: 0, max: 60 * 86_400_000 }),
        (document, facts, exceptions, offset) => {
          const now = new Date(EPOCH + offset);
          const policy = compile(watching(document));
          const findings = evaluate(facts, policy, exceptions, now).findings;
          const spared = new Set(findings.flatMap(({ control, exception }) => (exception ? [control] : [])));
          for (const value of foldDrift([met(facts)], document.baseline, exceptions, now)) {
            const [control, ...more] = value.controls;
            // One link of several may be covered without the others: the evaluator spares the request for all or none.
            if (more.length > 0 || control === "unknown-links" || control === undefined) continue;
            expect([control, value.covered]).toEqual([control, spared.has(control) ? value.n : 0]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test("never is a canary, and never what is not baselined", () => {
    const open = { ...exampleDocument.baseline, models: null, tools: null };
    expect(departuresOf({ ...plain, canary: true, tool: "rm" }, exampleDocument.baseline)).toEqual([]);
    expect(departuresOf({ ...plain, tool: "rm", model: "any" }, open)).toEqual([]);
    expect(notBaselined([met({ ...plain, model: "any" })], open)).toEqual(["models"]);
    expect(statedBy({ ...plain, model: "" }).map(({ dimension }) => dimension)).toEqual([
      "credentialKinds",
      "credentialAge",
    ]);
  });
});

describe("the queue's rows", () => {
  const baseline = { ...exampleDocument.baseline, tools: [], destinations: [] };

  test("sum decisions, workloads and the facts that state a value", () => {
    const rows = foldDrift(
      [
        met({ ...plain, tool: "rm" }, 5, "01"),
        met({ ...plain, tool: "rm", workload: "agent" }, 7, "02"),
        { ...met({ ...plain, tool: "rm", cohort: 5 }, 1, "03"), first: new Date("2026-11-01T00:00:00Z") },
      ],
      baseline,
      [],
      when,
    );
    expect(rows).toEqual([
      {
        dimension: "tools",
        value: "rm",
        controls: ["tool-not-approved"],
        n: 13,
        covered: 0,
        first: new Date("2026-11-01T00:00:00Z"),
        last: hour,
        workloads: [
          { slug: "agent", n: 7 },
          { slug: "gateway", n: 6 },
        ],
        exceptions: [],
        facts: ["01", "02", "03"],
      },
    ]);
  });

  test("count a host once, whether it was called or linked", () => {
    const called = { ...plain, action: "outbound" as const, destination: "evil.example" };
    const rows = foldDrift(
      [
        met({ ...called, links: { "evil.example": 4 } }, 3),
        met({ ...plain, links: { "evil.example": 1 } }, 2),
      ],
      baseline,
      [],
      when,
    );
    expect(rows.map(({ value, n, controls }) => ({ value, n, controls }))).toEqual([
      { value: "evil.example", n: 5, controls: ["destination-not-approved", "unknown-links"] },
    ]);
  });

  test("say which exceptions cover a part, and how much is left", () => {
    const terms = {
      id: "x",
      ref: "EXC-4",
      useCase: "support-bot",
      controls: ["tool-not-approved"],
      scope: { tools: ["rm"], workloads: ["agent"] },
      riskOwner: "R",
      startsAt: new Date("2026-11-01T00:00:00Z"),
      expiresAt: new Date("2026-12-01T00:00:00Z"),
      reviewAt: new Date("2026-12-01T00:00:00Z"),
      reviewedAt: null,
      endedAt: null,
      approvedAt: new Date("2026-11-01T00:00:00Z"),
    };
    const some = [met({ ...plain, tool: "rm" }, 5), met({ ...plain, tool: "rm", workload: "agent" }, 7)];
    const at = (now: Date) => foldDrift(some, baseline, [terms], now)[0];
    expect(at(when)).toMatchObject({ n: 12, covered: 7, exceptions: [{ ref: "EXC-4" }] });
    expect(at(terms.expiresAt)).toMatchObject({ n: 12, covered: 0, exceptions: [] });
    expect(at(new Date(terms.expiresAt.getTime() - 1))).toMatchObject({ covered: 7 });
  });

  test("are known by dimension and value, and were not last seen before they were first seen", () => {
    expect(keyOf({ dimension: "models", value: "a:b" })).toBe("models:a:b");
    expect(lastSeenOf({ first: when, last: hour })).toEqual(when);
    expect(lastSeenOf({ first: hour, last: when })).toEqual(when);
  });
});

describe("how a value stands", () => {
  const cases = [null, ...INCIDENT_STATUSES].flatMap((incident) =>
    [true, false].flatMap((seenAgain) =>
      [true, false].map((isCovered) => ({ incident, seenAgain, isCovered })),
    ),
  );

  test.each(cases)("%j", (standing) => {
    const state = driftState(standing);
    expect(DRIFT_STATES).toContain(state);
    expect(state === "incident").toBe(standing.incident === "open");
    expect(state === "closed").toBe(standing.incident === "closed" && !standing.seenAgain);
    if (state === "covered" || state === "waiting") expect(state === "covered").toBe(standing.isCovered);
  });

  test("an incident is closed once", () => {
    expect(INCIDENT_STATUSES.filter((status) => mayMove(status, "close"))).toEqual(["open"]);
  });
});
