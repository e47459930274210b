import { z } from "zod";
import { toHex, utf8 } from "@/lib/evidence/bytes";
import { factRowSchema, policyRowSchema } from "@/lib/evidence/format";
import type { VerifyContext } from "@/lib/evidence/verify-context";
import type { Version } from "@/lib/evidence/verify-records";
import { canonicalJson } from "@/lib/policy/canonical";

/** What decisions may refer to. */
export interface Known {
  /** `<use case> <digest>` */
  facts: ReadonlySet<string>;
  /** `<use case> <version> <digest>` */
  policies: ReadonlySet<string>;
  /** By `policy/<use case> <version>`. */
  versions: ReadonlyMap<string, Version>;
}

/** Checks facts and policies against their digests. */
export async function verifyReferences(context: VerifyContext): Promise<Known> {
  const digestOf = (value: unknown) => toHex(context.hashing.sha256(utf8(canonicalJson(value))));
  const facts = new Set<string>();
  const factRows = await context.eachRow("facts.jsonl", factRowSchema, (row, line) => {
    facts.add(`${row.useCase} ${row.digest}`);
    if (digestOf(row.facts) === row.digest) return;
    const at = { file: "facts.jsonl", row: line.row, offset: line.offset };
    context.report.problem({ ...at, message: "The facts do not have their digest." });
  });
  const policies = new Set<string>();
  const versions = new Map<string, Version>();
  const policyRows = await context.eachRow("policies.jsonl", policyRowSchema, (row, line) => {
    const { digest, change = null, effectiveFrom } = row;
    const place = { file: "policies.jsonl", line: { row: line.row, offset: line.offset } } as const;
    versions.set(`policy/${row.useCase} ${row.version}`, { ...place, digest, change, effectiveFrom });
    for (const { document, digest } of [row, ...row.effective]) {
      policies.add(`${row.useCase} ${row.version} ${digest}`);
      if (digestOf(document) === digest) continue;
      const at = { file: "policies.jsonl", row: line.row, offset: line.offset };
      context.report.problem({ ...at, message: `Version ${row.version} does not have its digest.` });
    }
  });
  context.count("facts.jsonl", "facts", factRows);
  context.count("policies.jsonl", "policies", policyRows);
  context.report.checked("facts and policy documents by digest", factRows + policyRows);
  return { facts, policies, versions };
}

/** Checks that the CSV of changes and of exceptions are what their JSONL files give; of the first format no more. */
export async function verifyTables(context: VerifyContext): Promise<void> {
  for (const table of ["changes", "exceptions"] as const) {
    const csv = context.csv(table);
    const rows = await context.eachRow(`${table}.jsonl`, z.record(z.string(), z.json()), (row) =>
      csv.add(row),
    );
    await csv.finish();
    context.count(`${table}.jsonl`, table, rows);
  }
}
