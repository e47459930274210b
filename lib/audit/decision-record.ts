import { canonicalJson } from "@/lib/policy/canonical";

/** What of a decision is a leaf of its batch, and stands in an evidence pack. Digests are lower-case hex. */
export interface DecisionRecord {
  id: string;
  /** The slug. */
  useCase: string;
  /** ISO 8601 UTC with milliseconds. */
  decidedAt: string;
  kind: "decision" | "observation";
  fact: string;
  policyVersion: number;
  policyDigest: string;
  outcome: string;
  wouldBe: string;
  findings: readonly unknown[];
  sessionId: string | null;
  traceId: string | null;
  actorHash: string | null;
  contentDigest: string | null;
  excerpt: string | null;
  late: boolean;
  /** Which parts of the record were made up, such as the time line of a replay. */
  synthetic: readonly string[];
}

const text = (value: string | null) => (value === null ? "null" : JSON.stringify(value));

/**
 * The canonical JSON of a record around the place where an evidence pack puts `batchId` and `batchIndex`:
 * both sort between `actorHash` and `contentDigest`. `findings` is their canonical JSON, when it is at hand.
 */
export function decisionRecordParts(
  record: DecisionRecord,
  findings = canonicalJson(record.findings),
): readonly [head: string, tail: string] {
  const head = `{"actorHash":${text(record.actorHash)},`;
  const tail =
    `"contentDigest":${text(record.contentDigest)},"decidedAt":"${record.decidedAt}",` +
    `"excerpt":${text(record.excerpt)},"fact":"${record.fact}","findings":${findings},"id":"${record.id}",` +
    `"kind":"${record.kind}","late":${record.late},"outcome":"${record.outcome}",` +
    `"policyDigest":"${record.policyDigest}","policyVersion":${record.policyVersion},` +
    `"sessionId":${text(record.sessionId)},"synthetic":${JSON.stringify(record.synthetic)},` +
    `"traceId":${text(record.traceId)},"useCase":"${record.useCase}","wouldBe":"${record.wouldBe}"}`;
  return [head, tail];
}

/**
 * The bytes (as text) whose RFC 6962 leaf hash is the decision's leaf in its batch: the canonical JSON
 * (RFC 8785) of the record, written without sorting because decisions come by the thousand a second. Strings
 * must be well-formed Unicode, as everything that PostgreSQL stores is.
 */
export function decisionRecordJson(record: DecisionRecord): string {
  return decisionRecordParts(record).join("");
}
