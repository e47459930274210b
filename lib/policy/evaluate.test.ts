import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyDocument, anyException, anyFacts } from "./arbitraries";
import { compile } from "./compile";
import { type Baseline, MODES, type PolicyDocument, policyDocumentSchema, STAGES } from "./document";
import { EFFECTS, type Evaluation, evaluate, OUTCOMES, stricterOutcome } from "./evaluate";
import type { PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import { exampleDocument, someFacts } from "./testing";

/** A case as it stands in `cases/*.json`: what differs from plain facts and from the example of the design. */
interface Case {
  name: string;
  facts: Partial<Facts>;
  policy: Partial<Omit<PolicyDocument, "baseline">> & { baseline?: Partial<Baseline> };
  exceptions: Record<string, unknown>[];
  now: string;
  decision: Evaluation;
}

const folder = join(import.meta.dirname, "cases");
const INSTANTS = ["startsAt", "expiresAt", "reviewAt", "reviewedAt", "endedAt", "approvedAt"];

function withDates(terms: Record<string, unknown>): PolicyExceptionTerms {
  const entries = Object.entries(terms).map(([key, value]) => [
    key,
    INSTANTS.includes(key) && typeof value === "string" ? new Date(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function documentOf({ baseline = {}, ...policy }: Case["policy"]): PolicyDocument {
  const { credentials, traffic, ...lists } = baseline;
  return policyDocumentSchema.parse({
    ...exampleDocument,
    ...policy,
    baseline: {
      ...exampleDocument.baseline,
      ...lists,
      credentials: { ...exampleDocument.baseline.credentials, ...credentials },
      traffic: { ...exampleDocument.baseline.traffic, ...traffic },
    },
  });
}

for (const file of readdirSync(folder).sort()) {
  const cases: Case[] = JSON.parse(readFileSync(join(folder, file), "utf8"));
  describe(`cases: ${file}`, () => {
    it.each(cases.map((each) => [each.name, each] as const))(
      "%s",
      (_, { facts, policy, exceptions, now, decision }) => {
        const compiled = compile(documentOf(policy));
        const found = evaluate(someFacts(facts), compiled, exceptions.map(withDates), new Date(now));
        expect(JSON.parse(JSON.stringify(found))).toEqual(decision);
      },
    );
  });
}

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

describe("evaluate", { timeout: 60_000 }, () => {
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
    const requests = fc.array(anyFacts, { minLength: 20, maxLength: 20 });
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
      { numRuns: 60 },
    );
  });
});
