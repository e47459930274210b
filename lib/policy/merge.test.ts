import fc from "fast-check";
import { expect, test } from "vitest";
import { anyDocument } from "./arbitraries";
import { compare, effectiveDocument, NO_FLOOR } from "./lattice";
import { mergeBy, POLICY_SHAPE } from "./merge";
import { exampleDocument as base } from "./testing";

type Document = typeof base;
const rebased = (from: Document, mine: Document, theirs: Document, side: "mine" | "theirs" = "mine") =>
  mergeBy(POLICY_SHAPE, { base: from, mine, theirs }, () => side).merged;

const proposal = {
  ...base,
  stage: "limited" as const,
  baseline: { ...base.baseline, traffic: { ...base.baseline.traffic, promptChars: 8192 } },
  controls: { secrets: { mode: "enforce" as const, sensitivity: "L1" as const } },
};
const current = {
  ...base,
  failMode: "open" as const,
  baseline: { ...base.baseline, models: ["openai/gpt-5"] },
  controls: { ...base.controls, "pii/email": { mode: "log" as const, sensitivity: "L2" as const } },
};

test("carries what the proposal moved over to the version in force, and nothing else", () => {
  const next = rebased(base, proposal, current);
  expect(next).toMatchObject({ stage: "limited", failMode: "open" });
  expect(next.baseline.models).toEqual(["openai/gpt-5"]);
  expect(next.baseline.traffic.promptChars).toBe(8192);
  expect(Object.keys(next.controls).sort()).toEqual(["pii/email", "secrets"]);
});

test("against its own base it is the proposal itself", () => {
  expect(compare(rebased(base, proposal, base), proposal).moves).toEqual([]);
});

test("leaves the version in force as it was", () => {
  const before = structuredClone(current);
  rebased(base, proposal, current);
  expect(current).toEqual(before);
});

test("names the fields that both moved, and takes the value of the side that was preferred", () => {
  const theirs = { ...current, stage: "enforcing" as const };
  const { merged, fields } = mergeBy(POLICY_SHAPE, { base, mine: proposal, theirs }, () => "theirs");
  expect(fields.filter(({ conflict }) => conflict)).toMatchObject([
    { path: "stage", base: base.stage, mine: "limited", theirs: "enforcing", won: "theirs" },
  ]);
  expect(merged.stage).toBe("enforcing");
  expect(rebased(base, proposal, theirs, "mine").stage).toBe("limited");
});

test("laws of the merge: what nobody moved stands, and what one side moved is that side's", () => {
  fc.assert(
    fc.property(anyDocument, anyDocument, anyDocument, (a, b, c) => {
      expect(compare(rebased(a, b, a), b).moves).toEqual([]);
      expect(compare(rebased(a, a, c), c).moves).toEqual([]);
      expect(compare(rebased(a, b, b), b).moves).toEqual([]);
      expect(compare(rebased(a, b, c, "theirs"), rebased(a, c, b, "mine")).moves).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("the floor that asks for nothing leaves every document as it is", () => {
  fc.assert(
    fc.property(anyDocument, (document) => {
      const moves = compare(document, effectiveDocument(document, NO_FLOOR)).moves;
      expect(moves.filter(({ direction }) => direction !== "neutral")).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
