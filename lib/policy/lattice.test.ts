import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyChange, anyDocument, anyException, anyFacts, EPOCH } from "./arbitraries";
import { canonicalJson } from "./canonical";
import { compile } from "./compile";
import { OUTCOMES, type PolicyDocument, policyDocumentSchema } from "./document";
import { evaluate } from "./evaluate";
import { compare, effectiveDocument, join, origins } from "./lattice";
import { exampleDocument } from "./testing";

const direction = (a: PolicyDocument, b: PolicyDocument) => compare(a, b).direction;
const notLooser = (a: PolicyDocument, b: PolicyDocument) => ["equal", "tightens"].includes(direction(a, b));
const OPPOSITE = { equal: "equal", tightens: "loosens", loosens: "tightens", mixed: "mixed" } as const;

describe("compare", { timeout: 60_000 }, () => {
  it("is equal to itself without moves, and turns round when read backwards", () => {
    fc.assert(
      fc.property(anyDocument, anyChange, (a, [b, c]) => {
        expect(compare(a, a)).toEqual({ direction: "equal", moves: [] });
        expect(direction(c, b)).toBe(OPPOSITE[direction(b, c)]);
      }),
      { numRuns: 2000 },
    );
  });

  it("is transitive along joins", () => {
    fc.assert(
      fc.property(anyChange, anyDocument, ([a, b], c) => {
        if (notLooser(a, b)) expect(notLooser(a, join(b, c))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("join", { timeout: 120_000 }, () => {
  it("is associative, commutative and idempotent", () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, anyDocument, (a, b, c) => {
        expect(canonicalJson(join(a, b))).toBe(canonicalJson(join(b, a)));
        expect(canonicalJson(join(join(a, b), c))).toBe(canonicalJson(join(a, join(b, c))));
        expect(direction(join(a, a), a)).toBe("equal");
        const once = join(a, b);
        expect(canonicalJson(join(once, once))).toBe(canonicalJson(once));
      }),
      { numRuns: 2000 },
    );
  });

  it("is never looser than either side, and the least such", () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, anyDocument, (a, b, c) => {
        const joined = join(a, b);
        expect(notLooser(a, joined)).toBe(true);
        expect(notLooser(b, joined)).toBe(true);
        const above = join(joined, c);
        expect(notLooser(joined, above)).toBe(true);
        expect(direction(join(a, above), above)).toBe("equal");
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps the direction of a change under any floor", () => {
    fc.assert(
      fc.property(anyChange, anyDocument, ([a, b], floor) => {
        if (notLooser(a, b)) {
          expect(notLooser(effectiveDocument(a, floor), effectiveDocument(b, floor))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("makes documents that compile", () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (a, b) => {
        expect(policyDocumentSchema.safeParse(a).error?.issues ?? []).toEqual([]);
        expect(compile(join(a, b)).cedar).toContain("permit (principal, action, resource)");
      }),
      { numRuns: 500 },
    );
  });
});

const strictness = (outcome: (typeof OUTCOMES)[number]) => OUTCOMES.indexOf(outcome);

describe("the label of a change", { timeout: 300_000 }, () => {
  it("holds for every request: what only tightens lets nothing through, what is equal changes nothing", () => {
    const met = { equal: 0, tightens: 0, loosens: 0, mixed: 0 };
    const cases = fc.tuple(
      anyChange,
      fc.constantFrom("as it is", "joined", "parted"),
      anyDocument,
      fc.array(anyFacts, { minLength: 6, maxLength: 6 }),
    );
    fc.assert(
      fc.property(
        cases,
        fc.array(anyException, { maxLength: 3 }),
        ([[a, b], how, c, requests], exceptions) => {
          const before = compile(how === "parted" ? join(a, c) : a);
          const after = compile(how === "joined" ? join(a, c) : how === "parted" ? a : b);
          const label = direction(before.document, after.document);
          met[label] += requests.length;
          const now = new Date(EPOCH + 20 * 86_400_000);
          for (const facts of requests) {
            const was = evaluate(facts, before, exceptions, now);
            const is = evaluate(facts, after, exceptions, now);
            for (const field of ["outcome", "wouldBe"] as const) {
              const step = strictness(is[field]) - strictness(was[field]);
              if (label === "tightens") expect(step).toBeGreaterThanOrEqual(0);
              if (label === "loosens") expect(step).toBeLessThanOrEqual(0);
              if (label === "equal") expect(is).toEqual(was);
            }
          }
        },
      ),
      { numRuns: 2500 },
    );
    expect(Math.min(met.tightens, met.loosens)).toBeGreaterThan(900);
    expect(met.mixed).toBeGreaterThan(150);
  });
});

describe("the floor", { timeout: 300_000 }, () => {
  it("lets nothing through that the document or the floor alone would not, for any request", () => {
    fc.assert(
      fc.property(
        anyDocument,
        anyDocument,
        fc.array(anyFacts, { minLength: 4, maxLength: 4 }),
        fc.array(anyException, { maxLength: 2 }),
        (document, floor, requests, exceptions) => {
          const now = new Date(EPOCH + 20 * 86_400_000);
          const sides = [document, floor].map((side) => compile(side));
          const effective = compile(effectiveDocument(document, floor));
          for (const facts of requests) {
            const is = evaluate(facts, effective, exceptions, now);
            for (const side of sides) {
              const alone = evaluate(facts, side, exceptions, now);
              expect(strictness(is.outcome)).toBeGreaterThanOrEqual(strictness(alone.outcome));
              expect(strictness(is.wouldBe)).toBeGreaterThanOrEqual(strictness(alone.wouldBe));
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("keeps a tightening change from letting anything through", () => {
    let met = 0;
    fc.assert(
      fc.property(anyDocument, anyDocument, anyDocument, anyFacts, (document, more, floor, facts) => {
        const tighter = join(document, more);
        if (direction(document, tighter) === "tightens") met++;
        const now = new Date(EPOCH);
        const was = evaluate(facts, compile(effectiveDocument(document, floor)), [], now);
        const is = evaluate(facts, compile(effectiveDocument(tighter, floor)), [], now);
        expect(strictness(is.outcome)).toBeGreaterThanOrEqual(strictness(was.outcome));
      }),
      { numRuns: 2000 },
    );
    expect(met).toBeGreaterThan(1000);
  });

  it("is named as the origin of exactly what it makes stricter", () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (document, floor) => {
        const effective = effectiveDocument(document, floor);
        const stricter = new Set(
          compare(document, effective)
            .moves.filter((move) => move.direction !== "neutral")
            .map((move) => move.path),
        );
        for (const [path, origin] of Object.entries(origins(document, floor))) {
          expect([path, origin]).toEqual([path, stricter.has(path) ? "floor" : "document"]);
        }
        expect([...stricter].filter((path) => !(path in origins(document, floor)))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

function changed(change: (document: PolicyDocument) => void): PolicyDocument {
  const document = structuredClone(exampleDocument);
  change(document);
  return document;
}

describe("directions that people rely on", () => {
  it.each<[string, (document: PolicyDocument) => void, string]>([
    ["mode up", (d) => (d.controls["tool-not-approved"] = { mode: "enforce" }), "tightens"],
    ["a control switched on", (d) => (d.controls["request-rate"] = { mode: "log" }), "tightens"],
    ["a control removed", (d) => delete d.controls["tool-not-approved"], "loosens"],
    [
      "a wider sensitivity",
      (d) => (d.controls["prompt-attack"] = { mode: "log", sensitivity: "L4" }),
      "tightens",
    ],
    [
      "mode up and sensitivity down",
      (d) => (d.controls["prompt-attack"] = { mode: "enforce", sensitivity: "L1" }),
      "mixed",
    ],
    ["stage up", (d) => (d.stage = "limited"), "tightens"],
    ["a larger cohort", (d) => (d.limited.cohort.percent = 25), "tightens"],
    ["a workload out of the cohort", (d) => (d.limited.cohort.workloads = []), "loosens"],
    ["an enrolled control more", (d) => d.limited.controls.push("pii/iban"), "tightens"],
    ["a model list given up", (d) => (d.baseline.models = null), "loosens"],
    ["nothing approved", (d) => (d.baseline.models = []), "tightens"],
    ["a narrower glob", (d) => (d.baseline.models = ["openai/gpt-4o", "anthropic/claude-*"]), "tightens"],
    ["another model", (d) => (d.baseline.models = ["openai/gpt-5", "anthropic/*"]), "mixed"],
    ["a glob written twice over", (d) => d.baseline.models?.push("anthropic/x"), "equal"],
    ["a data class more", (d) => d.baseline.dataClasses?.push("confidential"), "loosens"],
    [
      "a tool of high impact allowed",
      (d) => d.baseline.tools?.push({ name: "pay", impact: "high" }),
      "loosens",
    ],
    ["a tool rated high", (d) => d.baseline.tools?.push({ name: "search_all", impact: "high" }), "tightens"],
    [
      "a tool rated low",
      (d) => {
        d.baseline.tools = [
          { name: "send_money", impact: "low" },
          { name: "search_*", impact: "low" },
        ];
      },
      "loosens",
    ],
    ["a lower threshold", (d) => (d.baseline.traffic.promptChars = 1024), "tightens"],
    ["no threshold", (d) => (d.baseline.credentials.maxAgeHours = null), "loosens"],
    ["open when it cannot be asked", (d) => (d.failMode = "open"), "loosens"],
    ["capture", (d) => (d.capture = "none"), "equal"],
    [
      "a changed condition",
      (d) => (d.controls["custom/no-restricted-transfers"] = { mode: "log", when: 'context.tool == "x"' }),
      "mixed",
    ],
    [
      "an alternative more in a condition",
      (d) => {
        const when = `${d.controls["custom/no-restricted-transfers"]?.when} || context.tool == "x"`;
        d.controls["custom/no-restricted-transfers"] = { mode: "log", when };
      },
      "tightens",
    ],
    ["a phrase more", (d) => d.controls["custom/no-legal-advice"]?.phrases?.push("my lawyer"), "tightens"],
  ])("%s", (_, change, expected) => {
    const { direction: found, moves } = compare(exampleDocument, changed(change));
    expect(found).toBe(expected);
    expect(moves.length).toBeGreaterThan(0);
    expect(moves[0]?.label).toMatch(/: (from .+ to .+|added .+|removed .+|written in another order)/);
  });

  it("says which fields the floor decides", () => {
    const floor = changed((d) => {
      d.controls = { "tool-not-approved": { mode: "enforce" }, "request-rate": { mode: "log" } };
      d.baseline.models = null;
      d.baseline.traffic.promptChars = 1024;
    });
    const found = origins(exampleDocument, floor);
    expect(found["controls.tool-not-approved.mode"]).toBe("floor");
    expect(found["controls.request-rate.mode"]).toBe("floor");
    expect(found["baseline.traffic.promptChars"]).toBe("floor");
    expect(found["baseline.models"]).toBe("document");
    expect(found["controls.prompt-attack.sensitivity"]).toBe("document");
    expect(Object.values(origins(exampleDocument, null))).not.toContain("floor");
  });
});
