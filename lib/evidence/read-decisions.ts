import type { PoolClient } from "pg";
import { type DecisionRecord, decisionRecordParts } from "@/lib/audit/decision-record";
import { leafHash } from "@/lib/audit/tree";
import { canonicalJson } from "@/lib/policy/canonical";
import type { AnchorRow, FactRow } from "./format";
import type { PackBatch, References } from "./pack-writer";
import { fetchBy, type PackScope, rowsOf } from "./rows";

interface BatchRow {
  id: string;
  slug: string;
  use_case_id: string;
  n: number;
  digest: string;
  anchored_by: string;
  first_at: Date;
  last_at: Date;
}

const TOUCHING = `
  FROM decision_batch b JOIN use_case u ON u.id = b.use_case_id
  WHERE b.anchored_by <= $1 AND b.first_at < $2 AND b.last_at >= $3
    AND (cardinality($4::text[]) = 0 OR u.slug = ANY($4))`;
const BATCHES = `
  SELECT b.id::text AS id, u.slug, b.use_case_id::text AS use_case_id, b.n, encode(b.digest, 'hex') AS digest,
    b.anchored_by::text AS anchored_by, b.first_at, b.last_at ${TOUCHING}
  ORDER BY b.anchored_by, b.id`;

const touching = (scope: PackScope) => [scope.size, scope.to, scope.from, scope.slugs];

/** How many decisions the batches that touch the period hold. */
export async function countDecisions(scope: PackScope): Promise<number> {
  const sql = `SELECT coalesce(sum(b.n), 0)::text AS n ${TOUCHING}`;
  const [row] = await rowsOf<{ n: string }>(scope.client, sql, touching(scope));
  return Number(row?.n ?? 0);
}

const CHUNK_DECISIONS = 2_000;
const CHUNK_BATCHES = 500;

/** The batches that touch the period with their decisions, ordered by (anchor, id). */
export async function* readBatches(scope: PackScope): AsyncGenerator<PackBatch> {
  const reader = new DecisionReader(scope);
  let chunk: BatchRow[] = [];
  let size = 0;
  let ahead: Promise<PackBatch[]> | null = null;
  for await (const rows of fetchBy<BatchRow>(scope.client, CHUNK_BATCHES, BATCHES, touching(scope))) {
    for (const row of rows) {
      chunk.push(row);
      size += row.n;
      if (size < CHUNK_DECISIONS) continue;
      const ready: PackBatch[] = ahead ? await ahead : [];
      ahead = reader.read(chunk);
      ahead.catch(() => {});
      yield* ready;
      chunk = [];
      size = 0;
    }
  }
  if (ahead) yield* await ahead;
  if (chunk.length > 0) yield* await reader.read(chunk);
}

/** Columns as PostgreSQL writes them: parsing them to objects first would cost more than everything else. */
const DECISIONS = `
  SELECT batch_id, batch_index, id, (extract(epoch FROM decided_at) * 1000)::bigint, kind, encode(fact, 'hex'),
    policy_version, encode(policy_digest, 'hex'), outcome, would_be, findings, session_id, trace_id,
    encode(actor_hash, 'hex'), encode(content_digest, 'hex'), excerpt, late,
    CASE WHEN cardinality(synthetic) = 0 THEN '' ELSE to_json(synthetic)::text END
  FROM decision
  WHERE use_case_id = ANY($1::uuid[]) AND batch_id = ANY($2::uuid[]) AND decided_at BETWEEN $3 AND $4`;
type Text = string | null;
type Columns = [
  batch: string, index: string, id: string, ms: string, kind: DecisionRecord["kind"], fact: string,
  version: string, digest: string, outcome: string, wouldBe: string, findings: string, session: Text, trace: Text,
  actor: Text, content: Text, excerpt: Text, late: string, synthetic: string,
]; // biome-ignore format: one line per line of the query
const asText = { getTypeParser: () => (value: string) => value };

interface Findings {
  list: unknown[];
  json: string;
}
const MAX_FINDINGS = 5_000;

class DecisionReader {
  readonly #scope: PackScope;
  readonly #client: PoolClient;
  /** Findings repeat: parsed and made canonical once. */
  readonly #findings = new Map<string, Findings>();

  constructor(scope: PackScope) {
    this.#scope = scope;
    this.#client = scope.second;
  }

  async read(batches: readonly BatchRow[]): Promise<PackBatch[]> {
    const times = batches.flatMap(({ first_at, last_at }) => [first_at.getTime(), last_at.getTime()]);
    const values = [
      [...new Set(batches.map((batch) => batch.use_case_id))],
      batches.map((batch) => batch.id),
      new Date(Math.min(...times)),
      new Date(Math.max(...times)),
    ];
    const query = { text: DECISIONS, values, rowMode: "array" as const, types: asText };
    const { rows } = await this.#client.query<Columns>(query);
    const byBatch = Map.groupBy(rows, ([batch]) => batch);
    return batches.map((batch) => this.#batch(batch, byBatch.get(batch.id) ?? []));
  }

  #batch(batch: BatchRow, columns: Columns[]): PackBatch {
    const from = this.#scope.from.getTime();
    const to = this.#scope.to.getTime();
    const rows: PackBatch["rows"][number][] = [];
    const outside: PackBatch["outside"] = [];
    columns.sort((a, b) => Number(a[1]) - Number(b[1]));
    for (const column of columns) {
      const index = Number(column[1]);
      const findings = this.#parseFindings(column[10]);
      const record = recordOf(column, batch.slug, findings);
      const ms = Number(column[3]);
      if (ms >= from && ms < to) rows.push({ index, record, findings: findings.json });
      else outside.push({ index, hash: leafOf(record, findings.json) });
    }
    const { id, slug, n, digest, anchored_by } = batch;
    return { id, useCase: slug, n, digest, anchoredBy: Number(anchored_by), outside, rows };
  }

  #parseFindings(text: string): Findings {
    const known = this.#findings.get(text);
    if (known) return known;
    if (this.#findings.size >= MAX_FINDINGS) this.#findings.clear();
    const list = JSON.parse(text);
    const findings = { list, json: canonicalJson(list) };
    this.#findings.set(text, findings);
    return findings;
  }
}

function recordOf(column: Columns, useCase: string, findings: Findings): DecisionRecord {
  return {
    id: column[2],
    useCase,
    decidedAt: new Date(Number(column[3])).toISOString(),
    kind: column[4],
    fact: column[5],
    policyVersion: Number(column[6]),
    policyDigest: column[7],
    outcome: column[8],
    wouldBe: column[9],
    findings: findings.list,
    sessionId: column[11],
    traceId: column[12],
    actorHash: column[13],
    contentDigest: column[14],
    excerpt: column[15],
    late: column[16] === "t",
    synthetic: column[17] === "" ? [] : JSON.parse(column[17]),
  };
}

function leafOf(record: DecisionRecord, findings: string): string {
  const text = decisionRecordParts(record, findings).join("");
  return Buffer.from(leafHash(Buffer.from(text))).toString("hex");
}

/** For each anchoring entry, every batch under its root. */
export async function* readAnchors(scope: PackScope, numbers: readonly number[]): AsyncGenerator<AnchorRow> {
  const sql = `SELECT id::text AS id, encode(digest, 'hex') AS digest FROM decision_batch WHERE anchored_by = $1 ORDER BY id`;
  for (const number of numbers) {
    yield { number, batches: await rowsOf<AnchorRow["batches"][number]>(scope.client, sql, [number]) };
  }
}

const CHUNK_FACTS = 1_000;

/** The facts with these digests, ordered by use case and digest. */
export async function* readFacts(scope: PackScope, wanted: References["facts"]): AsyncGenerator<FactRow> {
  const sql = `
    SELECT encode(digest, 'hex') AS digest, facts FROM fact
    WHERE use_case_id = $1 AND digest = ANY($2::bytea[]) ORDER BY digest`;
  for (const useCase of [...wanted.keys()].sort()) {
    const digests = [...(wanted.get(useCase) ?? [])].sort();
    for (let at = 0; at < digests.length; at += CHUNK_FACTS) {
      const some = digests.slice(at, at + CHUNK_FACTS).map((digest) => Buffer.from(digest, "hex"));
      const rows = await rowsOf<Omit<FactRow, "useCase">>(scope.client, sql, [
        scope.useCases.get(useCase),
        some,
      ]);
      for (const row of rows) yield { useCase, ...row };
    }
  }
}
