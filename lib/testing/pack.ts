import { checkpointText } from "@/lib/audit/checkpoint-note";
import { type DecisionRecord, decisionRecordJson } from "@/lib/audit/decision-record";
import { deriveSigner, type Signer } from "@/lib/audit/keys";
import { inclusionProof, leafHash, rootOf, sha256 } from "@/lib/audit/tree";
import type { PackBatch, PackHeader, PackSource } from "@/lib/evidence/pack-writer";
import { canonicalJson } from "@/lib/policy/canonical";
import { type Material, someChanges, someExceptions, someRecords } from "./pack-records";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const digestOf = (value: unknown) => hex(sha256(Buffer.from(canonicalJson(value))));
const uuid = (kind: number, n: number) =>
  `0193${kind.toString(16).padStart(4, "0")}-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

export const packSigner: Signer = deriveSigner("the secret of the installation that tests packs");

export const packHeader: PackHeader = {
  ref: "PACK-7",
  from: new Date("2026-03-01T00:00:00.000Z"),
  to: new Date("2026-04-01T00:00:00.000Z"),
  useCases: [],
  createdAt: new Date("2026-04-02T09:30:00.000Z"),
};

export interface GeneratedPack {
  source: PackSource;
  batches: PackBatch[];
}

/**
 * A pack's source, generated: `batches` batches of `perBatch` decisions under `anchors` audit entries. The
 * first row of the first batch is before the period.
 */
export function generatePack(
  batches: number,
  perBatch: number,
  anchors = 1,
  signer = packSigner,
): GeneratedPack {
  const facts = { action: "prompt", useCase: "support-bot", signals: { secrets: 2 } };
  const document = { schema: "sluice.policy/v1", stage: "logging" };
  const start = packHeader.from.getTime();
  const record = (n: number): DecisionRecord => ({
    id: uuid(1, n),
    useCase: "support-bot",
    decidedAt: new Date(n === 0 ? start - 1 : start + n).toISOString(),
    kind: "decision",
    fact: digestOf(facts),
    policyVersion: 1,
    policyDigest: digestOf(document),
    outcome: n % 3 === 0 ? "flag" : "allow",
    wouldBe: n % 3 === 0 ? "block" : "allow",
    findings: n % 3 === 0 ? [{ control: "secrets", mode: "log", effect: "logged", level: "L2" }] : [],
    sessionId: `s-${n}`,
    traceId: null,
    actorHash: null,
    contentDigest: digestOf(n),
    excerpt: n % 5 === 0 ? '=cmd, "quoted"\nsecond line' : null,
    late: false,
    synthetic: [],
  });
  const makeBatch = (b: number): PackBatch => {
    const records = Array.from({ length: perBatch }, (_, index) => record(b * perBatch + index));
    const leaves = records.map((one) => leafHash(Buffer.from(decisionRecordJson(one))));
    const outside = b === 0 ? [{ index: 0, hash: hex(leaves[0] as Uint8Array) }] : [];
    const rows = records.map((one, index) => ({ index, record: one })).slice(outside.length);
    const anchoredBy = 2 + Math.floor((b * anchors) / batches);
    return {
      id: uuid(2, b),
      useCase: "support-bot",
      n: perBatch,
      digest: hex(rootOf(leaves)),
      anchoredBy,
      outside,
      rows,
    };
  };
  const all = Array.from({ length: batches }, (_, b) => makeBatch(b));
  const anchorRows = Array.from({ length: anchors }, (_, at) => ({
    number: at + 2,
    batches: all.filter((one) => one.anchoredBy === at + 2).map(({ id, digest }) => ({ id, digest })),
  }));
  const entries = Array.from({ length: anchors + 2 }, (_, at) => {
    const anchor = anchorRows.find((row) => row.number === at + 1);
    const root = anchor && hex(rootOf(anchor.batches.map((one) => Buffer.from(one.digest, "hex"))));
    return canonicalJson({
      number: at + 1,
      id: uuid(3, at),
      at: new Date(start + at * 1000).toISOString(),
      action: anchor ? "decisions.anchored" : "use_case.created",
      actor: anchor
        ? { kind: "job", id: "anchor", name: "anchor" }
        : { kind: "person", id: uuid(4, 1), name: "Ada" },
      subject: { kind: "decisions", id: "decisions", ref: null },
      useCase: null,
      reason: null,
      detail: anchor ? { batches: anchor.batches.length, decisions: batches * perBatch, root } : {},
    });
  });
  const leaves = entries.map((json) => leafHash(Buffer.from(json)));
  const tree = { size: leaves.length, root: rootOf(leaves), at: new Date("2026-04-02T09:00:00.000Z") };
  const signature = signer.sign(Buffer.from(checkpointText(tree)));
  const named = perBatch * batches > 3 ? record(3) : record(0);
  const material: Material = { digestOf, document, facts, decision: named };
  const source: PackSource = {
    head: { ...tree, keyId: signer.keyId, signature },
    batches: () => all,
    anchors: () => anchorRows,
    facts: () => [{ useCase: "support-bot", digest: digestOf(facts), facts }],
    policies: () => [
      {
        useCase: "support-bot",
        version: 1,
        effectiveFrom: "2026-03-02T00:00:01.000Z",
        change: "CHG-1",
        document,
        cedar: "permit(principal, action, resource);",
        digest: digestOf(document),
        effective: [],
      },
    ],
    changes: () => someChanges(material),
    exceptions: someExceptions,
    records: (name) => someRecords(material)[name],
    audit: () =>
      entries.map((json, at) => ({
        number: at + 1,
        json,
        proof: inclusionProof(leaves, at, leaves.length).map(hex),
      })),
    summary: async () => Buffer.from("%PDF-1.7 a stand-in"),
  };
  return { source, batches: all };
}
