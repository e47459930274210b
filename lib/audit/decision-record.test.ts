import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecisionRecord, decisionRecordJson, decisionRecordParts } from "@/lib/audit/decision-record";
import { canonicalJson } from "@/lib/policy/canonical";

const words = fc.string({ unit: "grapheme", maxLength: 20 });
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const record: fc.Arbitrary<DecisionRecord> = fc.record({
  id: fc.uuid(),
  useCase: fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/),
  decidedAt: fc
    .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((at) => at.toISOString()),
  kind: fc.constantFrom("decision", "observation"),
  fact: digest,
  policyVersion: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  policyDigest: digest,
  outcome: fc.constantFrom("allow", "flag", "redact", "require_approval", "block"),
  wouldBe: fc.constantFrom("allow", "block"),
  findings: fc.array(
    fc.record({ mode: words, control: words, exception: fc.record({ daysLeft: fc.nat() }) }),
  ),
  sessionId: fc.option(words),
  traceId: fc.option(words),
  actorHash: fc.option(digest),
  contentDigest: fc.option(digest),
  excerpt: fc.option(words),
  late: fc.boolean(),
  synthetic: fc.array(words, { maxLength: 2 }),
});

describe("a decision's record", () => {
  it("is canonical JSON, alone and with its place in the batch", () => {
    const law = fc.property(record, fc.uuid(), fc.nat(), (one, batchId, batchIndex) => {
      expect(decisionRecordJson(one)).toBe(canonicalJson(one));
      const [head, tail] = decisionRecordParts(one);
      const placed = `${head}"batchId":"${batchId}","batchIndex":${batchIndex},${tail}`;
      expect(placed).toBe(canonicalJson({ ...one, batchId, batchIndex }));
    });
    fc.assert(law, { numRuns: 300 });
  });
});
