import type { Pool, PoolClient } from "pg";
import type { SignedHead } from "@/lib/audit/checkpoint";
import { ProofTable } from "@/lib/audit/leaves";
import type { Db } from "@/lib/db/prisma";
import type { PackHeader, PackSource } from "./pack-writer";
import { countDecisions, readAnchors, readBatches, readFacts } from "./read-decisions";
import { readAudit, readChanges, readExceptions } from "./read-governance";
import { readPolicies } from "./read-policies";
import { readRecords } from "./read-records";
import { type PackScope, rowsOf } from "./rows";
import { summaryPdf } from "./summary-pdf";

export interface OpenSource {
  source: PackSource;
  /** About how many decisions there are, for progress. */
  expected: number;
  close(): Promise<void>;
}

/**
 * Opens the database as the source of a pack: everything is read from one snapshot, a few thousand
 * rows at a time. What is in the pack is what the signed head covers.
 */
export async function openSource(
  db: Db,
  pool: Pool,
  header: PackHeader,
  head: SignedHead,
): Promise<OpenSource> {
  const { client, second, close } = await openSnapshot(pool);
  try {
    const useCases = await rowsOf<{ id: string; slug: string }>(
      client,
      "SELECT id, slug FROM use_case WHERE cardinality($1::text[]) = 0 OR slug = ANY($1) ORDER BY slug",
      [header.useCases],
    );
    const scope: PackScope = {
      client,
      second,
      from: header.from,
      to: header.to,
      size: head.size,
      slugs: header.useCases,
      useCases: new Map(useCases.map(({ id, slug }) => [slug, id])),
    };
    return { expected: await countDecisions(scope), source: sourceOf(db, scope, head), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Two connections that see the same state of the database, and nothing that is written after. */
async function openSnapshot(pool: Pool) {
  const clients: PoolClient[] = [];
  const close = async () => {
    for (const client of clients.splice(0)) client.release(true);
  };
  try {
    const open = async () => {
      const client = await pool.connect();
      clients.push(client);
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      return client;
    };
    const client = await open();
    const [row] = await rowsOf<{ id: string }>(client, "SELECT pg_export_snapshot() AS id");
    const second = await open();
    await second.query(`SET TRANSACTION SNAPSHOT '${row?.id}'`);
    return { client, second, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function sourceOf(db: Db, scope: PackScope, head: SignedHead): PackSource {
  return {
    head,
    batches: () => readBatches(scope),
    anchors: (refs) => readAnchors(scope, refs.anchors),
    facts: (refs) => readFacts(scope, refs.facts),
    policies: (refs) => readPolicies(scope, refs.policies),
    changes: () => readChanges(scope),
    exceptions: () => readExceptions(scope),
    records: (name) => readRecords(scope, name),
    audit: async function* (refs) {
      const proofs = await ProofTable.read(db, head.size);
      yield* readAudit(scope, refs.anchors, proofs);
    },
    summary: (facets) => summaryPdf(facets, head),
  };
}
