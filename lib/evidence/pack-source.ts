import type { Pool } from "pg";
import type { SignedHead } from "@/lib/audit/checkpoint";
import { ProofTable } from "@/lib/audit/leaves";
import type { Db } from "@/lib/db/prisma";
import type { PackHeader, PackSource } from "./pack-writer";
import { countDecisions, readAnchors, readBatches, readFacts } from "./read-decisions";
import { readAudit, readChanges, readExceptions } from "./read-governance";
import { readPolicies } from "./read-policies";
import { type PackScope, rowsOf } from "./rows";
import { summaryPdf } from "./summary-pdf";

export interface OpenSource {
  source: PackSource;
  /** About how many decisions there are, for progress. */
  expected: number;
  close(): Promise<void>;
}

/**
 * Opens the database as the source of a pack: everything is read from one snapshot on one connection, a few thousand
 * rows at a time. What is in the pack is what the signed head covers.
 */
export async function openSource(
  db: Db,
  pool: Pool,
  header: PackHeader,
  head: SignedHead,
): Promise<OpenSource> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const useCases = await rowsOf<{ id: string; slug: string }>(
      client,
      "SELECT id, slug FROM use_case WHERE cardinality($1::text[]) = 0 OR slug = ANY($1) ORDER BY slug",
      [header.useCases],
    );
    const scope: PackScope = {
      client,
      from: header.from,
      to: header.to,
      size: head.size,
      slugs: header.useCases,
      useCases: new Map(useCases.map(({ id, slug }) => [slug, id])),
    };
    const expected = await countDecisions(scope);
    failed = false;
    return {
      expected,
      source: sourceOf(db, scope, head),
      close: async () => {
        await client.query("ROLLBACK").catch(() => {});
        client.release();
      },
    };
  } finally {
    if (failed) client.release(true);
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
    audit: async function* (refs) {
      const proofs = await ProofTable.read(db, head.size);
      yield* readAudit(scope, refs.anchors, proofs);
    },
    summary: (facets) => summaryPdf(facets, head),
  };
}
