import { documentDigest } from "@/lib/policy/digest";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import { effectiveDocument } from "@/lib/policy/lattice";
import type { PolicyRow } from "./format";
import type { References } from "./pack-writer";
import { fetchBy, iso, type PackScope, rowsOf } from "./rows";

interface VersionRow {
  slug: string;
  number: number;
  document: PolicyRow["document"];
  cedar: string;
  digest: string;
  effective_from: string;
  change: string | null;
}

const VERSIONS = `
  SELECT u.slug, v.number, v.document, v.cedar, v.digest, ${iso("v.effective_from")} AS effective_from,
    'CHG-' || c.ref AS change
  FROM (SELECT *, lead(effective_from) OVER (PARTITION BY use_case_id ORDER BY number) AS until FROM policy_version) v
    JOIN use_case u ON u.id = v.use_case_id LEFT JOIN change_request c ON c.id = v.change_id
  WHERE (cardinality($3::text[]) = 0 OR u.slug = ANY($3))
    AND ((v.effective_from < $2 AND (v.until IS NULL OR v.until > $1))
      OR (u.slug, v.number) IN (SELECT * FROM unnest($4::text[], $5::int[])))
  ORDER BY u.slug, v.number`;

const hexOf = (digest: string) => digest.replace(/^sha256:/, "");

/**
 * The policy versions in force in the period or used by one of its decisions, each with those documents that came of
 * joining a floor into it and that decided something in the pack.
 */
export async function* readPolicies(
  scope: PackScope,
  used: References["policies"],
): AsyncGenerator<PolicyRow> {
  const floors = await rowsOf<{ document: unknown }>(
    scope.client,
    "SELECT document FROM floor_version ORDER BY data_class, number",
  );
  const pairs = [...used].flatMap(([slug, policies]) =>
    [...policies].map((policy) => [slug, Number(policy.split(" ")[0])] as const),
  );
  const values = [
    scope.from,
    scope.to,
    scope.slugs,
    pairs.map(([slug]) => slug),
    pairs.map(([, number]) => number),
  ];
  for await (const rows of fetchBy<VersionRow>(scope.client, 50, VERSIONS, values)) {
    for (const row of rows) {
      const decided = used.get(row.slug) ?? new Set<string>();
      yield {
        useCase: row.slug,
        version: row.number,
        effectiveFrom: row.effective_from,
        change: row.change,
        document: row.document,
        cedar: row.cedar,
        digest: hexOf(row.digest),
        effective: effectiveOf(row, floors, decided),
      };
    }
  }
}

function effectiveOf(
  row: VersionRow,
  floors: readonly { document: unknown }[],
  decided: ReadonlySet<string>,
): PolicyRow["effective"] {
  const wanted = new Set(decided);
  wanted.delete(`${row.number} ${hexOf(row.digest)}`);
  if (wanted.size === 0) return [];
  const own = parse(row.document);
  if (!own) return [];
  const joined = [null, ...floors.map((floor) => parse(floor.document))].map((floor) =>
    effectiveDocument(own, floor),
  );
  return joined.flatMap((document) => {
    const digest = hexOf(documentDigest(document));
    if (!wanted.delete(`${row.number} ${digest}`)) return [];
    return [{ document: document as unknown as PolicyRow["document"], digest }];
  });
}

function parse(document: unknown): PolicyDocument | null {
  return policyDocumentSchema.safeParse(document).data ?? null;
}
