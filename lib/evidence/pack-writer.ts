import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import type { SignedHead } from "@/lib/audit/checkpoint";
import { checkpointText } from "@/lib/audit/checkpoint-note";
import { type DecisionRecord, decisionRecordParts } from "@/lib/audit/decision-record";
import type { Signer } from "@/lib/audit/keys";
import type {
  AnchorRow,
  BatchRow,
  CheckpointFile,
  Counter,
  Counts,
  CurrentManifest,
  FactRow,
  InclusionRow,
  PackFile,
  PolicyRow,
  RecordName,
  RecordTable,
} from "@/lib/evidence/format";
import { RECORD_TABLES, RECORDS, SCHEMA } from "@/lib/evidence/format";
import { PackZip } from "@/lib/evidence/pack-zip";
import { readme } from "@/lib/evidence/readme";
import type { PackOutput } from "@/lib/evidence/sealed-output";
import { Spool } from "@/lib/evidence/spool";
import { csvHeader, csvText, type Row } from "@/lib/evidence/tables";
import { canonicalJson } from "@/lib/policy/canonical";

type Rows<T> = AsyncIterable<T> | Iterable<T>;

/** What the pack is about. The period is half open: from ≤ time < to. */
export interface PackHeader {
  ref: string;
  from: Date;
  to: Date;
  /** Slugs; empty means every use case. */
  useCases: readonly string[];
  createdAt: Date;
}

export interface PackBatch extends BatchRow {
  /** The batch's rows inside the period, ordered by index; `findings` is their canonical JSON when at hand. */
  rows: readonly { index: number; record: DecisionRecord; findings?: string }[];
}

export interface PackAuditEntry {
  number: number;
  /** Canonical JSON of the entry: the bytes of its leaf. */
  json: string;
  proof: InclusionRow["proof"];
}

/** What the decisions of a pack refer to, known once they are written. */
export interface References {
  /** Digests (hex) of facts by use case. */
  facts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Policies that decided, as `<version> <digest in hex>`, by use case. */
  policies: ReadonlyMap<string, ReadonlySet<string>>;
  /** Numbers of the anchoring audit entries, ascending. */
  anchors: readonly number[];
}

/** Where a pack's rows come from. Each is read once, in this order, and never held as a whole. */
export interface PackSource {
  /** The signed tree head that every proof leads to. */
  head: SignedHead;
  /** Ordered by (anchoredBy, id). */
  batches(): Rows<PackBatch>;
  anchors(refs: References): Rows<AnchorRow>;
  facts(refs: References): Rows<FactRow>;
  policies(refs: References): Rows<PolicyRow>;
  changes(): Rows<Row>;
  exceptions(): Rows<Row>;
  /** Everything else that people recorded, a file at a time in the order of `RECORDS`. */
  records(name: RecordName): Rows<Row>;
  /** Ordered by number; the entries of the period and those that anchor its batches. */
  audit(refs: References): Rows<PackAuditEntry>;
  /** One page of PDF. */
  summary(facts: Omit<CurrentManifest, "files">): Promise<Uint8Array>;
}

export interface WrittenPack {
  /** Size in bytes. */
  bytes: number;
  counts: Counts;
}

export interface WriteOptions {
  /** Told after every few thousand decisions how many are written. */
  onProgress?: (decisions: number) => void;
  /** Where to put text that must wait for its turn; a folder in the system's temporary folder by default. */
  temporary?: string;
}

const CSV_ROWS = 1_000;

/**
 * Writes an evidence pack (docs/decisions/0006-evidence-format.md) to `output`, in memory that does not grow
 * with the number of decisions (it does with that of distinct facts, and by a few bytes with that of anchoring
 * audit entries). Throws what the source throws; the output is then to be thrown away.
 */
export async function writePack(
  output: PackOutput,
  header: PackHeader,
  source: PackSource,
  signer: Signer,
  options: WriteOptions = {},
): Promise<WrittenPack> {
  const directory = await mkdtemp(join(options.temporary ?? tmpdir(), "sluice-pack-"));
  const writer = new PackWriter(output, header, source, signer, directory, options.onProgress ?? (() => {}));
  try {
    return await writer.write();
  } finally {
    await writer.close();
    await rm(directory, { recursive: true, force: true });
  }
}

class PackWriter {
  readonly #zip: PackZip;
  readonly #header: PackHeader;
  readonly #source: PackSource;
  readonly #signer: Signer;
  readonly #directory: string;
  readonly #onProgress: (decisions: number) => void;
  readonly #spools: Spool[] = [];
  readonly #facts = new Map<string, Set<string>>();
  readonly #policies = new Map<string, Set<string>>();
  readonly #anchors = new Set<number>();
  readonly #counts: Counts = {
    decisions: 0,
    byOutcome: {},
    batches: 0,
    anchors: 0,
    facts: 0,
    policies: 0,
    changes: 0,
    exceptions: 0,
    auditEntries: 0,
    settings: 0,
    floors: 0,
    rulings: 0,
    appeals: 0,
    cases: 0,
    incidents: 0,
    campaigns: 0,
    "held-requests": 0,
  };

  constructor(
    output: PackOutput,
    header: PackHeader,
    source: PackSource,
    signer: Signer,
    directory: string,
    onProgress: (decisions: number) => void,
  ) {
    this.#zip = new PackZip(output, signer, header.createdAt);
    this.#header = header;
    this.#source = source;
    this.#signer = signer;
    this.#directory = directory;
    this.#onProgress = onProgress;
  }

  async write(): Promise<WrittenPack> {
    const source = this.#source;
    await this.#zip.addText("README.txt", [readme(this.#signer.keyId)]);
    await this.#writeDecisions();
    const refs: References = {
      facts: this.#facts,
      policies: this.#policies,
      anchors: [...this.#anchors].sort((a, b) => a - b),
    };
    await this.#writeLines("anchors.jsonl", "anchors", source.anchors(refs), canonicalJson);
    await this.#writeLines("facts.jsonl", "facts", source.facts(refs), canonicalJson);
    await this.#writeLines("policies.jsonl", "policies", source.policies(refs), canonicalJson);
    await this.#writeTable("changes", source.changes());
    await this.#writeTable("exceptions", source.exceptions());
    for (const name of RECORDS) {
      const rows = source.records(name);
      if (isTable(name)) await this.#writeTable(name, rows);
      else await this.#writeLines(`${name}.jsonl`, name, rows, canonicalJson);
    }
    await this.#writeAudit(source.audit(refs));
    await this.#zip.addText("checkpoint.json", [`${JSON.stringify(checkpointFile(source.head), null, 2)}\n`]);
    await this.#zip.addText("public-key.pem", [this.#signer.publicKeyPem]);
    await this.#zip.addBytes("summary.pdf", [await source.summary(this.#facets())]);
    const manifest: CurrentManifest = { ...this.#facets(), files: this.#zip.files };
    return { bytes: await this.#zip.finish(manifest), counts: this.#counts };
  }

  async close(): Promise<void> {
    await Promise.all(this.#spools.map((spool) => spool.close()));
  }

  #facets(): Omit<CurrentManifest, "files"> {
    const { ref, from, to, useCases, createdAt } = this.#header;
    return {
      schema: SCHEMA,
      ref,
      period: { from: from.toISOString(), to: to.toISOString() },
      useCases: [...useCases],
      createdAt: createdAt.toISOString(),
      counts: this.#counts,
      keyId: this.#signer.keyId,
    };
  }

  #spool(name: PackFile): Spool {
    const spool = new Spool(this.#directory, name);
    this.#spools.push(spool);
    return spool;
  }

  async #writeDecisions(): Promise<void> {
    const csv = this.#spool("decisions.csv");
    const batches = this.#spool("batches.jsonl");
    await csv.append(csvHeader(stringify, "decisions"));
    await this.#zip.addText("decisions.jsonl", this.#decisionLines(csv, batches));
    await this.#zip.addBytes("decisions.csv", csv.read());
    await this.#zip.addBytes("batches.jsonl", batches.read());
  }

  async *#decisionLines(csv: Spool, batches: Spool): AsyncGenerator<string> {
    let held: Row[] = [];
    for await (const { rows, ...batch } of this.#source.batches()) {
      this.#counts.batches += 1;
      this.#anchors.add(batch.anchoredBy);
      await batches.append(`${canonicalJson(batch)}\n`);
      let lines = "";
      for (const { index, record, findings } of rows) {
        this.#count(record);
        const [head, tail] = decisionRecordParts(record, findings);
        lines += `${head}"batchId":"${batch.id}","batchIndex":${index},${tail}\n`;
        held.push({ ...record, batchId: batch.id, batchIndex: index });
      }
      yield lines;
      if (held.length < CSV_ROWS) continue;
      await csv.append(csvText(stringify, "decisions", held));
      this.#onProgress(this.#counts.decisions);
      held = [];
    }
    await csv.append(csvText(stringify, "decisions", held));
    this.#onProgress(this.#counts.decisions);
  }

  #count(record: DecisionRecord): void {
    this.#counts.decisions += 1;
    this.#counts.byOutcome[record.outcome] = (this.#counts.byOutcome[record.outcome] ?? 0) + 1;
    addTo(this.#facts, record.useCase, record.fact);
    addTo(this.#policies, record.useCase, `${record.policyVersion} ${record.policyDigest}`);
  }

  async #writeLines<T>(
    path: PackFile,
    counter: Counter,
    rows: Rows<T>,
    json: (row: T) => string,
  ): Promise<void> {
    const counts = this.#counts;
    const lines = async function* () {
      for await (const row of rows) {
        counts[counter] += 1;
        yield `${json(row)}\n`;
      }
    };
    await this.#zip.addText(path, lines());
  }

  async #writeTable(table: "changes" | "exceptions" | RecordTable, rows: Rows<Row>): Promise<void> {
    const csv = this.#spool(`${table}.csv`);
    const spooled = async function* () {
      await csv.append(csvHeader(stringify, table));
      for await (const row of rows) {
        await csv.append(csvText(stringify, table, [row]));
        yield row;
      }
    };
    await this.#writeLines(`${table}.jsonl`, table, spooled(), canonicalJson);
    await this.#zip.addBytes(`${table}.csv`, csv.read());
  }

  async #writeAudit(entries: Rows<PackAuditEntry>): Promise<void> {
    const csv = this.#spool("audit.csv");
    const inclusion = this.#spool("inclusion.jsonl");
    const spooled = async function* () {
      await csv.append(csvHeader(stringify, "audit"));
      for await (const entry of entries) {
        await csv.append(csvText(stringify, "audit", [JSON.parse(entry.json)]));
        await inclusion.append(`${canonicalJson({ number: entry.number, proof: entry.proof })}\n`);
        yield entry;
      }
    };
    await this.#writeLines("audit.jsonl", "auditEntries", spooled(), (entry) => entry.json);
    await this.#zip.addBytes("audit.csv", csv.read());
    await this.#zip.addBytes("inclusion.jsonl", inclusion.read());
  }
}

function isTable(name: RecordName): name is RecordTable {
  return (RECORD_TABLES as readonly string[]).includes(name);
}

function addTo<T>(map: Map<string, Set<T>>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}

function checkpointFile(head: SignedHead): CheckpointFile {
  return {
    size: head.size,
    root: Buffer.from(head.root).toString("base64"),
    at: head.at.toISOString(),
    keyId: head.keyId,
    signature: Buffer.from(head.signature).toString("base64"),
    text: checkpointText(head),
  };
}
