import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyDocument, anyFacts } from "./arbitraries";
import { bundleOf, bundleText, differences, policyBundleSchema, type RecordedDecision } from "./bundle";
import { type CompiledPolicy, compile } from "./compile";
import { factsDigest } from "./digest";
import { evaluate } from "./evaluate";
import type { PolicyExceptionTerms } from "./exception";
import type { Facts } from "./facts";
import { asObserved } from "./observed";

const AT = new Date("2026-03-02T09:00:00.000Z");
const day = (n: number) => new Date(AT.getTime() + n * 86_400_000);

function sparing(policy: CompiledPolicy, facts: Facts, endedAt: Date | null): PolicyExceptionTerms {
  return {
    id: "0193d5a0-0000-7000-8000-000000000001",
    ref: "EXC-1",
    useCase: facts.useCase,
    controls: Object.keys(policy.document.controls).slice(0, 1),
    scope: {},
    riskOwner: "Ada",
    startsAt: day(-1),
    expiresAt: day(1),
    reviewAt: day(1),
    reviewedAt: null,
    endedAt,
    approvedAt: day(-1),
  };
}

function made(
  policy: CompiledPolicy,
  facts: Facts,
  exceptions: PolicyExceptionTerms[],
  kind: RecordedDecision["kind"],
): RecordedDecision {
  const evaluation = evaluate(facts, policy, exceptions, AT);
  if (kind === "observation") asObserved(evaluation);
  const rest = { decidedAt: AT.toISOString(), kind, policyVersion: 3, policyDigest: policy.digest };
  return { facts, ...rest, ...evaluation };
}

const sources = (policy: CompiledPolicy, exceptions: PolicyExceptionTerms[]) => ({
  useCase: "desk",
  version: 3,
  effectiveFrom: day(-9),
  policy,
  exceptions,
});

test("any decision is made again from the bundle that crossed a wire and its facts", () => {
  const kinds = fc.constantFrom("decision" as const, "observation" as const);
  fc.assert(
    fc.property(anyDocument, anyFacts, kinds, fc.boolean(), (document, facts, kind, spared) => {
      const policy = compile(document);
      const exceptions = spared ? [sparing(policy, facts, null)] : [];
      const decision = made(policy, facts, exceptions, kind);
      const text = bundleText(bundleOf(sources(policy, exceptions), AT));
      const bundle = policyBundleSchema.parse(JSON.parse(text));
      expect(differences(JSON.parse(JSON.stringify(decision)), bundle)).toEqual([]);
      expect(bundleText(bundle)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test("what was changed afterwards is named", () => {
  const [document] = fc.sample(anyDocument, { seed: 7, numRuns: 1 });
  const [facts] = fc.sample(anyFacts, { seed: 7, numRuns: 1 });
  if (document === undefined || facts === undefined) throw new Error("nothing generated");
  const policy = compile(document);
  const bundle = bundleOf(sources(policy, []), AT);
  const decision = made(policy, facts, [], "decision");
  expect(differences({ ...decision, outcome: "block", wouldBe: "allow" }, bundle)).not.toEqual([]);
  expect(differences({ ...decision, policyVersion: 4 }, bundle)).toEqual([
    "policy version: recorded 4, made again 3",
  ]);
  const capture = document.capture === "none" ? ("excerpt" as const) : ("none" as const);
  const other = { ...bundle, document: { ...document, capture } };
  expect(differences(decision, other).join()).toContain("digest of the bundle's document");
  expect(differences(decision, { ...bundle, cedar: `${bundle.cedar} ` })).toEqual([
    "the bundle's Cedar text is not what its document compiles to",
  ]);
  const stored = { ...decision, factDigest: factsDigest(decision.facts) };
  expect(differences(stored, bundle)).toEqual([]);
  const elsewhere = { ...stored, facts: { ...stored.facts, purpose: "something-else" } };
  expect(differences(elsewhere, bundle).join()).toContain("digest of the facts");
  const invented = [{ control: "secrets", effect: "blocked", mode: "enforce" }];
  expect(differences({ ...decision, findings: invented }, bundle).join()).toContain("findings");
});

test("an exception that has ended is not taken along", () => {
  const [document] = fc.sample(anyDocument, { seed: 7, numRuns: 1 });
  const [facts] = fc.sample(anyFacts, { seed: 7, numRuns: 1 });
  if (document === undefined || facts === undefined) throw new Error("nothing generated");
  const policy = compile(document);
  const ended = bundleOf(sources(policy, [sparing(policy, facts, AT)]), AT);
  expect(ended.exceptions).toEqual([]);
  const later = bundleOf(sources(policy, [sparing(policy, facts, day(0.5))]), AT);
  expect(later.exceptions).toHaveLength(1);
});
