import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyDocument, anyException, anyFacts } from "./arbitraries";
import { compile } from "./compile";
import { MODES, type PolicyDocument, STAGES } from "./document";
import { EFFECTS, evaluate, OUTCOMES, stricterOutcome } from "./evaluate";
import { exampleDocument, someFacts } from "./testing";

describe("every stage and every mode", () => {
  const table = {
    off: ["allow/allow", "allow/allow", "allow/allow", "allow/allow"],
    log: ["flag/flag logged", "flag/flag logged", "flag/flag logged", "flag/flag logged"],
    redact: [
      "flag/redact would_redact",
      "redact/redact redacted",
      "flag/redact would_redact",
      "redact/redact redacted",
    ],
    require_approval: [
      "flag/require_approval would_require_approval",
      "require_approval/require_approval needs_approval",
      "flag/require_approval would_require_approval",
      "require_approval/require_approval needs_approval",
    ],
    enforce: [
      "flag/block would_block",
      "block/block blocked",
      "flag/block would_block",
      "block/block blocked",
    ],
  };
  const columns = [
    ["logging", 1],
    ["limited", 1],
    ["limited", 100],
    ["enforcing", 100],
  ] as const;
  const rows = MODES.flatMap((mode) =>
    columns.map(([stage, cohort], i) => [mode, stage, cohort, table[mode][i] ?? ""] as const),
  );

  it("are all in the table", () => {
    expect(new Set(columns.map(([stage]) => stage))).toEqual(new Set(STAGES));
    expect(rows).toHaveLength(MODES.length * columns.length);
  });

  it.each(rows)("%s in %s, cohort %i: %s", (mode, stage, cohort, expected) => {
    const document: PolicyDocument = {
      ...exampleDocument,
      stage,
      limited: { controls: ["secrets"], cohort: { percent: 10, workloads: [] } },
      controls: { secrets: { mode, sensitivity: "L2" } },
    };
    const facts = someFacts({ cohort, signals: { secrets: 1 } });
    const { outcome, wouldBe, findings } = evaluate(facts, compile(document), [], new Date(0));
    const effects = findings.map(({ effect }) => ` ${effect}`).join("");
    expect(`${outcome}/${wouldBe}${effects}`).toBe(expected);
  });
});

describe("evaluate", { timeout: 120_000 }, () => {
  it("gives the same with and without the facts' key, and when asked again", () => {
    const policy = compile({ ...exampleDocument, stage: "enforcing" });
    const facts = someFacts({ tool: "unknown", signals: { "prompt-attack": 2 } });
    const first = evaluate(facts, policy, [], new Date(0), "key");
    expect(evaluate(facts, policy, [], new Date(0), "key")).toEqual(first);
    expect(evaluate(facts, policy, [], new Date(0))).toEqual(first);
    expect(first.findings.map(({ control }) => control)).toEqual(["prompt-attack", "tool-not-approved"]);
  });

  it("orders outcomes from allow to block", () => {
    for (const [i, a] of OUTCOMES.entries()) {
      for (const [j, b] of OUTCOMES.entries()) expect(stricterOutcome(a, b)).toBe(OUTCOMES[Math.max(i, j)]);
    }
    expect(EFFECTS).toHaveLength(8);
  });

  it("is never made stricter by an exception, and no exception spares before its start or from its end on", () => {
    const requests = fc.array(anyFacts, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(anyDocument, requests, anyException, (document, all, terms) => {
        const policy = compile(document);
        const at = (instant: number) => new Date(instant);
        const last = Math.min(
          terms.expiresAt.getTime(),
          terms.endedAt?.getTime() ?? Number.POSITIVE_INFINITY,
        );
        for (const facts of all) {
          const bare = evaluate(facts, policy, [], terms.startsAt);
          for (const outside of [at(terms.startsAt.getTime() - 1), at(last), at(last + 1)]) {
            expect(evaluate(facts, policy, [terms], outside)).toEqual(bare);
          }
          for (const inside of [terms.startsAt, at(last - 1)]) {
            const { outcome, findings } = evaluate(facts, policy, [terms], inside);
            expect(OUTCOMES.indexOf(outcome)).toBeLessThanOrEqual(OUTCOMES.indexOf(bare.outcome));
            expect(findings.map(({ control }) => control)).toEqual(
              bare.findings.map(({ control }) => control),
            );
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
