import { z } from "zod";

/** What is written now. */
export const SCHEMA = "sluice.evidence/v2";
/** What was written before the records of change control stood in files of their own; it still verifies. */
export const FIRST_SCHEMA = "sluice.evidence/v1";
export const MANIFEST = "manifest.json";
export const MANIFEST_SIGNATURE = "manifest.sig";
/** The last entry: marks of all bytes before it. */
export const SEAL_FILE = "seal.bin";

/** Every file that the manifest of a first pack lists, in the order in which it stands in the pack. */
const FIRST_FILES = [
  "README.txt",
  "decisions.jsonl",
  "decisions.csv",
  "batches.jsonl",
  "anchors.jsonl",
  "facts.jsonl",
  "policies.jsonl",
  "changes.jsonl",
  "changes.csv",
  "exceptions.jsonl",
  "exceptions.csv",
  "audit.jsonl",
  "audit.csv",
  "inclusion.jsonl",
  "checkpoint.json",
  "public-key.pem",
  "summary.pdf",
] as const;

/** What the second format adds, in the order in which it stands in the pack, behind the exceptions. */
export const RECORDS = [
  "settings",
  "floors",
  "rulings",
  "appeals",
  "cases",
  "incidents",
  "campaigns",
  "held-requests",
] as const;
export type RecordName = (typeof RECORDS)[number];
/** Those of them that people read as a table too. */
export const RECORD_TABLES = ["rulings", "appeals", "incidents", "held-requests"] as const;
export type RecordTable = (typeof RECORD_TABLES)[number];

const RECORD_FILES = [
  ...RECORDS.map((name) => `${name}.jsonl` as const),
  ...RECORD_TABLES.map((name) => `${name}.csv` as const),
];
const ALL_FILES = [...FIRST_FILES, ...RECORD_FILES] as const;
export type PackFile = (typeof ALL_FILES)[number];

/** Every file that the manifest of a pack of this format lists. */
export function filesOf(schema: Manifest["schema"]): readonly PackFile[] {
  return schema === FIRST_SCHEMA ? FIRST_FILES : ALL_FILES;
}

export const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const instant = z.iso.datetime({ precision: 3 });
const count = z.int().min(0);
export const slug = z.string().min(1);
const keyId = z.string().regex(/^[0-9a-f]{16}$/);

const firstCounts = {
  decisions: count,
  byOutcome: z.record(z.string(), count),
  batches: count,
  anchors: count,
  facts: count,
  policies: count,
  changes: count,
  exceptions: count,
  auditEntries: count,
};
const countsSchema = z.strictObject({
  ...firstCounts,
  /** Versions of settings of governance and of floors that held in the period. */
  settings: count,
  floors: count,
  rulings: count,
  appeals: count,
  cases: count,
  incidents: count,
  campaigns: count,
  "held-requests": count,
});
export type Counts = z.infer<typeof countsSchema>;
/** What is counted by rows. */
export type Counter = Exclude<keyof Counts, "byOutcome">;

const about = {
  ref: z.string(),
  /** Half open: from ≤ time < to. */
  period: z.strictObject({ from: instant, to: instant }),
  /** Slugs; empty means every use case. */
  useCases: z.array(slug),
  createdAt: instant,
  files: z.array(z.strictObject({ path: z.enum(ALL_FILES), bytes: count, sha256: hash })),
  keyId,
};
const currentManifestSchema = z.strictObject({ schema: z.literal(SCHEMA), ...about, counts: countsSchema });
const firstManifestSchema = z.strictObject({
  schema: z.literal(FIRST_SCHEMA),
  ...about,
  counts: z.strictObject(firstCounts),
});
export const manifestSchema = z.discriminatedUnion("schema", [currentManifestSchema, firstManifestSchema]);
/** Of a pack of any format. */
export type Manifest = z.infer<typeof manifestSchema>;
/** Of a pack as it is written now. */
export type CurrentManifest = z.infer<typeof currentManifestSchema>;

export const checkpointSchema = z.strictObject({
  size: count,
  root: z.base64(),
  at: instant,
  keyId,
  signature: z.base64(),
  text: z.string(),
});
export type CheckpointFile = z.infer<typeof checkpointSchema>;

/** A row of batches.jsonl: a committed batch of which at least one decision is in the pack. */
export const batchRowSchema = z.strictObject({
  id: z.uuid(),
  useCase: slug,
  n: z.int().min(1),
  digest: hash,
  /** Number of the audit entry that anchors it. */
  anchoredBy: z.int().min(1),
  /** Leaf hashes of its rows that are outside the period. */
  outside: z.array(z.strictObject({ index: count, hash })),
});
export type BatchRow = z.infer<typeof batchRowSchema>;

/** A row of anchors.jsonl: an anchoring audit entry with every batch under its root, ordered by id. */
export const anchorRowSchema = z.strictObject({
  number: z.int().min(1),
  batches: z.array(z.strictObject({ id: z.uuid(), digest: hash })),
});
export type AnchorRow = z.infer<typeof anchorRowSchema>;

export const factRowSchema = z.strictObject({
  useCase: slug,
  digest: hash,
  facts: z.record(z.string(), z.json()),
});
export type FactRow = z.infer<typeof factRowSchema>;

/** A row of policies.jsonl: a version, and the documents that came of joining floors into it. */
export const policyRowSchema = z.strictObject({
  useCase: slug,
  version: z.int().min(1),
  effectiveFrom: instant,
  /** The change that put it in force; null for a first version. Not said by the first format. */
  change: z.string().nullable().optional(),
  document: z.record(z.string(), z.json()),
  cedar: z.string(),
  digest: hash,
  effective: z.array(z.strictObject({ document: z.record(z.string(), z.json()), digest: hash })),
});
export type PolicyRow = z.infer<typeof policyRowSchema>;

/** A row of inclusion.jsonl: hashes in hex from the leaf of entry `number` up to the checkpoint's root. */
export const inclusionRowSchema = z.strictObject({ number: z.int().min(1), proof: z.array(hash) });
export type InclusionRow = z.infer<typeof inclusionRowSchema>;

/** What verification reads of a row of decisions.jsonl, besides its bytes. */
export const placedDecisionSchema = z.looseObject({
  id: z.uuid(),
  useCase: slug,
  decidedAt: instant,
  fact: hash,
  policyVersion: z.int(),
  policyDigest: hash,
  outcome: z.string(),
  batchId: z.uuid(),
  batchIndex: count,
});

/** What verification reads of a row of audit.jsonl, besides its bytes. */
export const auditRowSchema = z.looseObject({
  number: z.int().min(1),
  at: instant,
  action: z.string(),
  detail: z.record(z.string(), z.json()),
});
